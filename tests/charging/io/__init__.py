"""Tests of reading the meters and chargers, and of sending commands."""
