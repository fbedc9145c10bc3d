"""Homes in a Home Assistant under test: meters, chargers, boilers and radiators."""
