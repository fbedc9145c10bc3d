"""Setting up a boiler and its rooms."""
