"""The business: pure functions over frozen values; no Django, no clock, no files, no network."""
