"""Tests inside a Home Assistant instance."""
