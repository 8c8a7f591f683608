"""A real main window over a real database."""
