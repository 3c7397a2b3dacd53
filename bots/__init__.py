"""Paperwire's bots: one digest of papers, shown wherever a team talks."""

__version__ = "0.1.0"
