"""Repairs that a site raises: what the user has to fix, and a half that is down."""
