"""A subscription becomes a digest: read the sources, choose, condense."""
