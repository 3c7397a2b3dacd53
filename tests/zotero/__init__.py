"""Tests of the push to Zotero."""
