"""Windows and pixels of the desktop: which window is where, what it looks like, is it the same."""
