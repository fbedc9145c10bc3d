"""Tests of the charging, in a Home Assistant under test."""
