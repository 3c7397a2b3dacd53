"""Claims about the summarizer: text in, blurb out."""
