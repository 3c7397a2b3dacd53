"""The database: standing orders, the ledger of what was posted, papers met before and blurbs made before.

`sql.py` keeps them in SQLite or Postgres, `memory.py` in dictionaries that end with the process. Both keep the same
promises, those of `bots.ports.Store`.
"""
