"""The public functions: one per word, with the same names; a magic parses a line and calls one of them."""
