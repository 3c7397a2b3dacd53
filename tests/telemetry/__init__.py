"""Tests of bots.telemetry."""
