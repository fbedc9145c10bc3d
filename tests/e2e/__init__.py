"""A real Home Assistant, a real browser."""
