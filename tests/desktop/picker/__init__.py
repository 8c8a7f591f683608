"""The picker, driven with a real pointer and real keys."""
