"""Home Assistant I/O: states in, checked; service calls out, until obeyed."""
