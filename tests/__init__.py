"""Tests: unit mirrors panel, window has a real main window, desktop real windows of others."""
