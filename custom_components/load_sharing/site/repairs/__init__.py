"""Repairs that a site raises: for what a user has to fix, and for a half that is down."""
