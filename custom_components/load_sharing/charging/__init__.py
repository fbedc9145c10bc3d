"""Charging: EV chargers share a supply."""
