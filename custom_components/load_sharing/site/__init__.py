"""What charging and heating, the two halves of a site, share."""
