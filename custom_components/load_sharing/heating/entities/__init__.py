"""Descriptions of the entities of the heating as a whole, and of its rooms."""
