"""The entities of charging, by what they belong to."""
