"""Meters whose integration is part of Home Assistant, made by its own code."""
