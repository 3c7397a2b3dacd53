"""Measurements of quality and speed, each next to a peer in the same run; they never run with the tests."""
