"""Tests of the feeds and of the API over HTTP."""
