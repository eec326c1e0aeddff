"""Remit: outsourced professional work on one record that every party shares."""

__version__ = "0.1.0"
