"""The window: what a captain sees and presses. Reads through ui/models, writes through commands."""
