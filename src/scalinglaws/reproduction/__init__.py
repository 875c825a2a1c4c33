"""Refits published laws on their public data and holds the result against what was published."""
