"""The demo: a real Home Assistant with a simulated house."""
