"""Hugging Face in a notebook: ``%load_ext hfmagic``."""

__version__ = "0.1.0"
