"""Everything that can be found in the files of a take-over: what the table reader finds and what the sheets ask."""

from __future__ import annotations

from collections.abc import Mapping

from remit.domain.line import Rule
from remit.domain.takeover import RULES as OWN
from remit.formats.hostile import RULES as LIMITS
from remit.formats.table import RULES as TABLE

RULES: Mapping[str, Rule] = {**TABLE, **LIMITS, **OWN}
"""By code."""
