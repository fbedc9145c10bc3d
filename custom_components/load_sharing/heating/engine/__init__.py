"""The heating engine: decides which rooms share the load of an oversized boiler.

Pure Python without Home Assistant, clock or I/O. The caller passes in monotonic
time in seconds, and an aware local datetime for the schedules.
"""
