"""Shorten a sentence without changing what it claims."""
