"""What the boiler and the rooms show, and what is written to their actuators."""
