"""Descriptions of the entities of the supply, its circuits and its chargers."""
