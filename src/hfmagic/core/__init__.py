"""The ground floor: errors with hints, settings, small shared types."""
