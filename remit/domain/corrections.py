"""What can be wrong with accepted work: where the error came from, who found it, what becomes of filed papers."""

from __future__ import annotations

from collections.abc import Mapping

from remit.domain.reasons import N_

CAUSES: Mapping[str, str] = {
    "preparation": N_("error in preparing"),
    "review": N_("missed in review"),
    "instruction": N_("wrong or missing instruction"),
    "papers": N_("wrong, late or missing paper of the client"),
    "software": N_("fault of software"),
    "law": N_("law or its reading changed"),
    "other": N_("other cause"),
}
PROVIDERS_OWN = frozenset({"preparation", "review"})
"""Causes that are the provider's own: what mends them is not billed."""
FINDERS: Mapping[str, str] = {
    "client": N_("the client"),
    "provider": N_("the provider"),
    "auditor": N_("an auditor"),
    "authority": N_("an authority"),
    "other": N_("somebody else"),
}
FILED: Mapping[str, str] = {
    "corrected": N_("to be filed again, corrected"),
    "stands": N_("stands as it was filed"),
}


def is_rework(cause: str) -> bool:
    """Whether mending an error of this cause is left off the invoice."""
    return cause in PROVIDERS_OWN
