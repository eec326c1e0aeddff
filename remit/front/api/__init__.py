"""The API: one operation for every action, the same functions that the pages call; and what may be read."""

from remit.front.api.schema import api

__all__ = ["api"]
