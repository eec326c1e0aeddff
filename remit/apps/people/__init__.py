"""Persons, credentials, calendars, capacity, walls, and the gate that reads them."""
