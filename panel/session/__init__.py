"""The composition root's parts: what is built together, and in which order it is closed."""
