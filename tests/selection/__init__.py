"""Claims about which papers are chosen."""
