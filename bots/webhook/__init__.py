"""Sends digests to other programs as signed HTTP requests (standardwebhooks.com)."""
