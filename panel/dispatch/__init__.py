"""Claim, deliver, settle: how a queued message gets into an agent's window, and what proves it."""
