"""Tests of the files in deploy/: each is parsed, and what it promises is asserted."""
