"""What is used: one sample of the machine, and the peak memory of one piece of work."""
