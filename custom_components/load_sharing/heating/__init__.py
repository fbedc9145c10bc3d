"""Heating: rooms share a boiler."""
