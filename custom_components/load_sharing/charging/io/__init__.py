"""What the meters and the chargers show, and what is sent to the chargers."""
