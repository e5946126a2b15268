"""Where am I: the platform, its accelerator; later its secrets."""
