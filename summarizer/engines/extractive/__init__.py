"""The default engine, which selects and shortens sentences of the abstract."""
