"""Tests of bots.endpoints."""
