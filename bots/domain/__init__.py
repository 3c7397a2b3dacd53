"""The records that the whole program shares, and its errors."""
