"""Reads the meters and chargers, and sends commands to the chargers."""
