"""Shared test support: factories, doubles of the outside world, hostile texts."""
