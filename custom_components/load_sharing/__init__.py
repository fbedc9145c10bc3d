"""Load Sharing."""
