"""Tests of what is sent to addresses that the operator names."""
