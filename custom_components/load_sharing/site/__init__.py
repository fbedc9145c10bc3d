"""What the two halves of a site, charging and heating, share."""
