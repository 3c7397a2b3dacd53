"""From an abstract as sources give it to plain text and its sentences."""
