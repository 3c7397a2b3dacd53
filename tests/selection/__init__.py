"""Tests of the selection of papers."""
