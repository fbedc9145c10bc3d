"""Tests of the dialogues for a supply, its circuits and its chargers."""
