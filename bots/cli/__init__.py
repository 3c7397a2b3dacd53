"""The command line: parses options, opens the app, shows the reply, and exits with one of these codes.

0  done
1  something that should work failed: a source, the database, a delivery
2  the request was wrong: an option, a query, a paste
3  the request was right, but nothing was found: no such paper, no match
4  Paperwire is set up wrongly: the settings file, a variable, a missing extra

Slow imports are inside the functions that need them, so that `--help` responds at once.
"""
