"""The training of the shipped weights; not imported at run time."""
