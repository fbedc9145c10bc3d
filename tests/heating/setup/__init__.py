"""Tests of the flows of a boiler and its rooms."""
