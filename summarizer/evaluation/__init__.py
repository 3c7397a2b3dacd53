"""Measure the quality and speed of an engine on a data set."""
