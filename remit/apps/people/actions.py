"""The business verbs of `people`."""
