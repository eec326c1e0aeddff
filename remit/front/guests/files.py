"""Opening a file of the link's thing: the look is recorded first, then the bytes go out."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from remit.apps.organizations import door
from remit.apps.organizations.acting import NotFound, Refused
from remit.apps.records import files
from remit.apps.records.context import reading
from remit.apps.work import actions
from remit.apps.work.opening import opened
from remit.front.guests.doing import guests_form


@guests_form()
def open_file(request: HttpRequest, secret: str, file: UUID) -> HttpResponse:
    """As an attachment."""
    result = actions.open_file(by=request.by, at=request.at, **actions.open_file.parse({"file": str(file)}))  # type: ignore[attr-defined]
    if isinstance(result, Refused):
        return door.sent_back(request, result)
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        found = opened(file)
        if found is None:
            raise NotFound(file)
        content = files.read(found.file)
    answer = HttpResponse(content, content_type="application/octet-stream" if found.file.media_type.startswith("text/") else found.file.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer
