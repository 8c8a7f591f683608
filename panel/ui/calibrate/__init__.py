"""Calibrating by sight: a run through agents, new places, windows after a restart."""
