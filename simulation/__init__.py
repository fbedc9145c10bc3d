"""Physics of a simulated house, for the demo, the tests and the benchmarks.

Plain Python: no Home Assistant, no clock. Times are seconds since the start of
the simulation; randomness comes from a seed, so that a day can be repeated.
"""
