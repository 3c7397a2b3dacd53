"""Checks that an abstract supports what a blurb says."""
