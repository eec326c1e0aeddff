"""The business verbs of `agreements`."""
