"""The business verbs of `sourcing`."""
