"""What the market sees of the organization's people, before and after it is published."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from remit.apps.organizations import door
from remit.apps.people import actions
from remit.apps.people.models import Profile
from remit.apps.people.views.people import page
from remit.apps.people.views.showing import LEVELS, PROOFS, service_words
from remit.domain.gate import Proof

SHOWN = ("site_id", "level", "services", "credentials", "languages", "software", "experience")


@require_http_methods(["GET", "HEAD", "POST"])
def profiles(request: HttpRequest, organization: str) -> HttpResponse:
    """A preview of each profile beside the name, which stays here; publishing replaces what is shown now."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    if request.method == "POST":
        return door.perform(request, actions.publish_profiles, {}, then=door.at(request, "profiles"), says=_("The market sees these profiles from now on."))
    found = actions.profiles(by, at)
    shown = list(Profile.objects.filter(organization=by.organization, until=None))
    context = {
        "profiles": [_row(person.name, profile) for person, profile in found],
        "shown": len(shown),
        "since": shown[0].since if shown else None,
        "changed": sorted(map(_plain, shown)) != sorted(_plain(profile) for _person, profile in found),
    }
    return page(request, "profiles", context)


def _plain(profile: Profile) -> str:
    return json.dumps([getattr(profile, name) for name in SHOWN], sort_keys=True, default=str)


def _row(name: str, profile: Profile) -> dict[str, Any]:
    return {
        "name": name,
        "level": profile.level,
        "level_word": LEVELS[profile.level],
        "site": profile.site,
        "services": service_words(profile.services),
        "credentials": [row | {"look": PROOFS[Proof(row["proof"])]} for row in profile.credentials],
        "languages": sorted(profile.languages.items()),
        "software": profile.software,
        "experience": [{"service": service_words([code])[0], "year": since[:4]} for code, since in profile.experience.items()],
    }
