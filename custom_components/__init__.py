"""Custom integrations, as Home Assistant finds them."""
