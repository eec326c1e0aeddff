"""Why a professional declines an assignment. None of it counts against them: nothing that ranks or measures reads it."""

from __future__ import annotations

from collections.abc import Mapping

from remit.domain.reasons import N_

REASONS: Mapping[str, str] = {
    "time": N_("no time for it"),
    "skill": N_("not qualified for it"),
    "conflict": N_("conflict of interest"),
    "health": N_("personal reason"),
    "other": N_("another reason"),
}
