"""Setting up a supply, its circuits and its chargers."""
