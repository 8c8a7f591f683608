"""Writing messages: the compose dialog and its parts."""
