"""The entities of heating, by what they belong to."""
