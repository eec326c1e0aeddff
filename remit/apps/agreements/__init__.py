"""Agree: the signed terms, the frozen card, and the engagement that lives under them."""
