"""The command line: reads options, opens the house, shows the answer, ends with a code that means something.

0  done
1  something that should work failed: a source, the database, a delivery
2  asked wrongly: an option, a query, a paste
3  asked rightly, and there is nothing: no such paper, no hit
4  Paperwire is set up wrongly: the settings file, a variable, a missing extra

The heavy rooms are imported inside the functions that need them, so that `--help` answers at once.
"""
