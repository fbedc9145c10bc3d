"""What things cost. Figures to read, not checks that fail."""
