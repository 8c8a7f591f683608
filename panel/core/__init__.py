"""Values and rules in plain Python: no Qt, no SQL, no input or output."""
