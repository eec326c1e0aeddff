"""The surface `form`: what is answered so far, and each command as a form of its own."""

from __future__ import annotations

from typing import Any

from remit.apps.work.boards import Look
from remit.apps.work.surfaces import commands
from remit.apps.work.surfaces.window import Window
from remit.domain.line import Work


def lay(look: Look, doing: Work, window: Window) -> dict[str, Any]:
    """All rows; a form is short."""
    forms = [{"command": command, "fields": commands.asked(command)} for command in doing.commands if command not in commands.on_rows(doing)]
    bare = commands.bare(doing)
    rows = [{"key": key, "cells": cells, "bare": [c for c in bare if commands.is_possible(c, look, key)]} for key, cells in look.board.rows]
    return {"columns": look.board.columns, "rows": rows, "forms": forms, "filled": commands.filled(doing)}
