"""Everything that a person, an agent or the bot can do, each a typed function with its help.

It is the only way to write to the store. The registry makes the command line and its reference;
the window calls the same functions directly.
"""
