"""Fixtures of single folders that tests across folders use, too."""

from remit.front.installation.conftest import data

__all__ = ["data"]
