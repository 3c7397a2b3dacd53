"""Writes papers as files for other programs: BibTeX, RIS, CSL-JSON, CSV, Markdown. Pure functions."""

from bots.exports.papers import exported, file_name

__all__ = ["exported", "file_name"]
