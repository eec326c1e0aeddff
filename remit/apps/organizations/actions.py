"""The business verbs of `organizations`."""
