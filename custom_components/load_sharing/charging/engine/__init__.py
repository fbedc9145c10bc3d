"""Charging: EV chargers share an electrical supply whose fuse must not trip.

Pure Python: no Home Assistant, no clock, no I/O. Currents are RMS amperes per
phase, a single-phase site being the one-element case; net import is positive.
Times are seconds on one monotonic clock that the caller owns.
"""
