"""Check whether an abstract supports a blurb."""
