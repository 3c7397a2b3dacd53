"""How the weights were made; nothing at run time imports it."""
