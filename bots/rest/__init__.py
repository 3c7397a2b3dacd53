"""Serves programs over HTTP: feeds of channels, queries and authors, and the JSON API."""
