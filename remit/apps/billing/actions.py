"""The business verbs of `billing`."""
