"""Reads the boiler and rooms, and writes their actuators."""
