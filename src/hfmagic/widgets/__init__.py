"""Things to click: one file or folder per panel, each fed by one object from below."""
