"""Makes a digest from a subscription: reads the sources, selects papers, condenses abstracts."""
