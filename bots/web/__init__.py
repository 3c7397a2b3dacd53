"""The web page: the day's papers, search, paper pages and channel archives, for browsers."""
