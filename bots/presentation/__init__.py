"""The texts that every adapter shows identically, and the formats in which papers are exported."""
