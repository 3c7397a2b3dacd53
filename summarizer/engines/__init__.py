"""The engines: how each makes a blurb, and how one is found by its name."""
