"""Data entry: forms and pictures keyed, sampled shares keyed twice by people who do not see each other, differences settled."""
