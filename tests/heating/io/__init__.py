"""Tests of reading the boiler and rooms, and of writing actuators."""
