"""Where papers come from: each file one place, all with the same door, `open(argument, context)`."""
