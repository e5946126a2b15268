"""The Hub: who am I there; later search, transfer, cache, own repositories."""
