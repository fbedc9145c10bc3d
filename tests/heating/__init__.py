"""Tests of the heating, in a Home Assistant under test."""
