"""Composes the application: the only package that knows all concrete classes."""
