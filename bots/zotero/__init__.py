"""Adds papers to Zotero libraries through Zotero's Web API (version 3)."""
