"""Name of the integration."""

DOMAIN = "simulated_house"
