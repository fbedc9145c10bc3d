"""Heads and boilers made by their own integrations, found by their presets."""
