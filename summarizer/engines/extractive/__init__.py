"""The default engine: sentences of the abstract, chosen and shortened."""
