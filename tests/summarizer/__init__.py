"""Claims about the summarizer, which condenses the text of an abstract to a blurb."""
