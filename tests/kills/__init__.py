"""Replicas and workers of the real program on one Postgres, all of which are killed again and again."""
