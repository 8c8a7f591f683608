"""Real windows of programs that are not ours, on a desktop of the tests' own."""
