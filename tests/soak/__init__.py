"""The program under a low, steady load for hours: whether its memory and its handles stay as they are."""
