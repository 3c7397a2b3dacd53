"""The records that travel through the program, and its errors."""
