"""The sources of papers: one module per source, each with the same entry point, `open(argument, context)`."""
