"""The business verbs of `work`."""
