"""The operations of the API, their answers and their errors; described at /api/docs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Router, Schema
from ninja.errors import ValidationError
from ninja.parser import Parser
from ninja.responses import Status

import remit
from remit.apps.organizations.acting import ACTIONS, Action, BadInput, Busy, NotFound, Refused, Stale, problem_of
from remit.apps.organizations.references import resolved
from remit.domain.reasons import Reason
from remit.formats.words import Words
from remit.front.api.reading import OutOfScope, reads
from remit.front.api.tokens import Token


class ReasonOut(Schema):
    """Why: a stable code, the sentence in the language asked for, the rule with its source, and what would cure it."""

    code: str
    says: str
    rule: str = ""
    source: str = ""
    cure: str = ""


class DoneOut(Schema):
    """The action was done; `entry` is its decision in the record."""

    kind: str
    id: UUID
    reference: str
    entry: UUID


class RefusedOut(Schema):
    """The action was refused by gate, card, rule or role; the refusal is in the record."""

    reasons: list[ReasonOut]
    entry: UUID


class FaultsOut(Schema):
    """What was wrong with the input, by field. Nothing was done."""

    errors: dict[str, list[ReasonOut]]


class References(Parser):
    """Reads a body; where an action wants a key it takes a short reference as well."""

    def parse_body(self, request: HttpRequest) -> Any:
        given = super().parse_body(request)
        action = ACTIONS.get(request.path.rpartition("/actions/")[2].replace("-", "_"))
        if action is None or not isinstance(given, dict):
            return given
        try:
            return resolved(action, given, request.by, request.at)  # type: ignore[attr-defined]
        except NotFound as missing:
            # Said by `malformed`: the reference left in its place does not fit the schema, and the parser may not answer itself.
            request.missing = missing  # type: ignore[attr-defined]
            return given


api = NinjaAPI(
    parser=References(),
    title="Remit",
    version=remit.__version__,
    description="Each operation under `actions` carries out one business verb and writes its decision. Send `Idempotency-Key` to make a retry happen once. "
    "Wherever a key (uuid) is asked for, a reference such as BR-7K3F-9QXM serves as well. "
    "Signing, reviewing and accepting ask for a second factor: send the code that your authenticator app shows as `X-Remit-Code`; each counts once. "
    "A deputy names the member who is away, by mail address, as `X-Remit-For`; what is done then stands under both names.",
    docs_url="/docs",
    openapi_url="/openapi.json",
    auth=Token(),
    urls_namespace="api",
)


def reason_out(reason: Reason, words: Words) -> ReasonOut:
    """A reason in the reader's language."""
    return ReasonOut(
        code=reason.code,
        says=words.reason(reason),
        rule=reason.rule_id,
        source=reason.rule_source,
        cure=words.reason(reason.cure) if reason.cure else "",
    )


def words_of(request: HttpRequest) -> Words:
    """By Accept-Language, which the locale middleware has read."""
    return Words(getattr(request, "LANGUAGE_CODE", "en"))


def _operation(action: Action) -> Callable[..., Any]:
    def operation(request: HttpRequest, organization: str, given: Any) -> Any:
        result = action(
            by=request.by,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            key=request.headers.get("Idempotency-Key", ""),
            **{name: getattr(given, name) for name in action.input.model_fields},
        )
        if isinstance(result, Refused):
            words = words_of(request)
            return Status(403, RefusedOut(reasons=[reason_out(reason, words) for reason in result.reasons], entry=result.entry))
        return DoneOut(kind=result.kind, id=result.id, reference=result.reference, entry=result.entry)

    operation.__name__ = action.name
    operation.__doc__ = action.perform.__doc__
    operation.__annotations__ = {"request": HttpRequest, "organization": Path[str], "given": action.input}
    return operation


actions = Router(tags=["actions"])
for _action in sorted(ACTIONS.values(), key=lambda action: action.name):
    actions.post(
        f"/{_action.name.replace('_', '-')}",
        response={200: DoneOut, 403: RefusedOut, 404: FaultsOut, 409: FaultsOut, 422: FaultsOut, 503: FaultsOut},
        operation_id=_action.name,
        summary=_action.says,
    )(_operation(_action))
api.add_router("/v1/o/{organization}/actions", actions)
api.add_router("/v1/o/{organization}", reads)


@api.exception_handler(BadInput)
def bad_input(request: HttpRequest, fault: BadInput) -> HttpResponse:
    """403 outside a token's scopes, 404 for what is not there or not to be seen, 409 for a stale version, 503 while all readers are busy, 422 for the rest."""
    words = words_of(request)
    errors = {field: [reason_out(reason, words).dict() for reason in reasons] for field, reasons in fault.errors.items()}
    statuses: dict[type[BadInput], int] = {OutOfScope: 403, NotFound: 404, Stale: 409, Busy: 503}
    status = statuses.get(type(fault), 422)
    return api.create_response(request, {"errors": errors}, status=status)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Input that does not fit the schema, in the same form as other faults."""
    missing = getattr(request, "missing", None)
    if missing is not None:
        return bad_input(request, missing)
    words = words_of(request)
    errors: dict[str, list[dict[str, Any]]] = {}
    for each in fault.errors:
        field = ".".join(str(part) for part in each["loc"] if part not in ("body", "given")) or "input"
        errors.setdefault(field, []).append(reason_out(problem_of(field, each), words).dict())
    return api.create_response(request, {"errors": errors}, status=422)
