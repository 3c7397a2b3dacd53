"""Tests of the files with papers."""
