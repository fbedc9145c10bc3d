"""Tests of the dialogues for a boiler and its rooms."""
