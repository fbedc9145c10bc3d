"""Tests of what is read of the meters and chargers, and of what is sent."""
