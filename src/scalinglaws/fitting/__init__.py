"""Fits any law of the formula language to a table of runs, and says how far to trust the answer."""
