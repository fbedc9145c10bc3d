"""What a site keeps on disk, and how a damaged file is read."""
