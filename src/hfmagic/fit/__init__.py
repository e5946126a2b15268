"""Does it fit: the memory that weights need against the memory that is free."""
