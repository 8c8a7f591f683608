"""What was seen of a delivery: pictures before and after, steps with their times, decisions."""
