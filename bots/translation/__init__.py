"""The languages that Paperwire speaks: tables of translations, and the language of whoever reads a text."""
