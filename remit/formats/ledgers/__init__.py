"""Ledgers: the journal of a month, read by a mapping kept per entity, and checked."""
