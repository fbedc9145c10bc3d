"""The charging engine: shares a supply among EV chargers without tripping its fuse.

Pure Python without Home Assistant, clock or I/O. Currents are RMS amperes per
phase, a single-phase site being the one-element case; net import is positive.
Times are seconds on one monotonic clock that the caller owns.
"""
