"""Benefits administration: who is entitled enrolled, changed and paid for on time, by the plan's own text."""
