"""Tests of the charging engine, without Home Assistant."""
