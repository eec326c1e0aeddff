"""What the API tells of what was done in one's own name."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Path, Schema

from remit.apps.work.in_my_name import of_person
from remit.front.api.reading import read, reads


class SignedOut(Schema):
    """One act in one's name. `act`: prepared, passed, returned, let_pass, filed; `state`: stands, open, superseded, wrong. `month` as YYYY-MM."""

    at: datetime
    act: str
    service: str
    task: str
    client: str
    entity: str
    country: str
    month: str
    item: str
    deliverable: int
    manifest_sha256: str
    state: str


@reads.get("/signed", response=list[SignedOut], operation_id="signed")
@read
def signed(request: HttpRequest, organization: Path[str], without_clients: bool = False) -> list[SignedOut]:
    """Everything done in the name of whoever asks, the newest first; `without_clients` leaves out whose work it was."""
    person = request.by.person  # type: ignore[attr-defined]
    return [SignedOut(**each.row(names=not without_clients)) for each in (of_person(person) if person is not None else [])]
