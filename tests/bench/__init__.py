"""Measurements of quality and speed, each beside a peer in the same run; never part of the tests."""
