"""The sentences that every adapter shows alike, and the formats that papers leave in."""
