"""What work is drawn on: one surface a kind of board, named by what it does; never by the service whose work it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from remit.apps.work.boards import Look
from remit.apps.work.surfaces import form, pair, table, text
from remit.apps.work.surfaces.window import Window
from remit.domain.line import Work


@dataclass(frozen=True)
class Surface:
    """A template, and what it is given: laid out from a look at the step, a window of its rows at a time."""

    template: str
    lay: Callable[[Look, Work, Window], dict[str, Any]]


SURFACES: Mapping[str, Surface] = {
    "pair": Surface("work/surfaces/pair.html", pair.lay),
    "table": Surface("work/surfaces/table.html", table.lay),
    "form": Surface("work/surfaces/form.html", form.lay),
    "text": Surface("work/surfaces/text.html", text.lay),
}
NOT_BUILT = Surface("work/surfaces/none.html", lambda look, doing, window: {})
"""Player and image are named by the contract and not built yet; the page says so."""


def surface_of(look: Look) -> Surface:
    """The surface that the step's board asks for."""
    return SURFACES.get(look.board.surface, NOT_BUILT)
