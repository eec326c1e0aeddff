"""The record against a real database: rows, sequencer, pages."""
