"""Tests of what is read of the boiler and rooms, and of what is written."""
