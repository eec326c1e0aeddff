"""The surface `table`: rows with the commands that each takes."""

from __future__ import annotations

from typing import Any

from remit.apps.work.boards import Look
from remit.apps.work.surfaces import commands
from remit.apps.work.surfaces.window import Window, shown
from remit.domain.line import Work


def lay(look: Look, doing: Work, window: Window) -> dict[str, Any]:
    """A window of rows."""
    part = shown(tuple(look.board.rows), window.first, window.whole)
    rows = [{"key": key, "cells": cells, "bare": [c for c in commands.bare(doing) if commands.is_possible(c, look, key)]} for key, cells in part.rows]
    return {"columns": look.board.columns, "part": part, "rows": rows, "filled": commands.filled(doing)}
