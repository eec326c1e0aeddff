"""What was done in one's own name: the page, and the list to take along."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from remit.apps.organizations.acting import NotFound
from remit.apps.work.in_my_name import ACTS, COLUMNS, STATES, Signed, of_person
from remit.formats.table.write import write_csv


@require_safe
def signed(request: HttpRequest, organization: str) -> HttpResponse:
    """Everything, the newest first; `?as=csv` or `json` gives the list, `&without=clients` leaves the client's names out."""
    by = request.by  # type: ignore[attr-defined]
    found = of_person(by.person) if by.person is not None else []
    form = request.GET.get("as", "")
    if form in ("csv", "json"):
        return _file(found, form, names=request.GET.get("without") != "clients")
    if form:
        raise NotFound(form)
    rows = [{"one": each, "act": ACTS[each.act], "state": STATES[each.state]} for each in found]
    return render(request, "work/signed.html", {"rows": rows, "has_person": by.person is not None})


def _file(found: list[Signed], form: str, *, names: bool) -> HttpResponse:
    told = [each.row(names=names) for each in found]
    if form == "json":
        answer = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
    else:
        answer = HttpResponse(write_csv([COLUMNS, *([row[name] for name in COLUMNS] for row in told)]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="signed.{form}"'
    return answer
