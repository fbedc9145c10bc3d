"""Days of a whole house in a Home Assistant under test, with faults, and a judge."""
