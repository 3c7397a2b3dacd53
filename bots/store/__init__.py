"""The stores: subscriptions, the ledger of posted digests, known papers and stored blurbs.

`sql.py` stores them in SQLite or Postgres, `memory.py` in dictionaries that end with the process. Both fulfil
the same contract, `bots.ports.Store`.
"""
