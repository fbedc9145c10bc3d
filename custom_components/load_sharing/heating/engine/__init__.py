"""Heating: rooms share a boiler that cannot burn low enough for one small radiator.

Pure Python: no Home Assistant, no clock, no I/O. Monotonic time is an argument
in seconds; schedules are asked with an aware local datetime.
"""
