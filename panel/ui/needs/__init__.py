"""The drawer of what needs a person: cards, their order, what was put off."""
