"""Tests of what both halves of a site share."""
