"""Tests of the flows of a supply, its circuits and its chargers."""
