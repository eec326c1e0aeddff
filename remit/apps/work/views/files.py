"""Opening a file, and taking an engagement away as a pack: each is recorded first, then the bytes go out."""

from __future__ import annotations

from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from remit.apps.agreements.models import Engagement
from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.work import actions, sealing
from remit.apps.work.opening import opened


@require_POST
def open_file(request: HttpRequest, organization: str, file: UUID) -> HttpResponse:
    """A paper, a deliverable's file or a pack, as an attachment. Refused: back to where the button stood, with the reasons."""
    values = actions.open_file.parse({"file": str(file)})
    result = actions.open_file(by=request.by, at=request.at, **values)  # type: ignore[attr-defined]
    if isinstance(result, Refused):
        return door.sent_back(request, result)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = opened(values["file"])
        if found is None:
            raise NotFound(file)
        content = files.read(found.file)
    answer = HttpResponse(content, content_type="application/octet-stream" if found.file.media_type.startswith("text/") else found.file.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer


@require_POST
def export(request: HttpRequest, organization: str, reference: str) -> HttpResponse:
    """Everything of an engagement as one pack, for whoever leaves it or keeps a copy."""
    by, at = request.by, request.at  # type: ignore[attr-defined]
    with reading(by, at):
        engagement = Engagement.objects.filter(reference=reference).first()
        if engagement is None:
            raise NotFound(reference)
    result = actions.export_pack(by=by, at=at, engagement=engagement.id)
    if isinstance(result, Refused):
        return HttpResponseRedirect(f"/o/{organization}/engagements/{reference}/?{urlencode({'refused': result.entry})}", status=303)
    with reading(by, at):
        packed = sealing.whole(engagement, at)
    if packed is None:
        raise NotFound(reference)
    answer = HttpResponse(packed.content, content_type="application/zip")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(packed.name)}"
    return answer
