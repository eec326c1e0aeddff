"""Packs of every form that was ever given out; each must verify for ever."""
