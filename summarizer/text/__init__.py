"""Turn an abstract, as a source returns it, into plain text and sentences."""
