"""What may be read over the API; each answer is read in one transaction in the name of the token's membership."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.roles import TOKEN_SCOPE
from remit.apps.organizations.tokens import READ
from remit.apps.records.context import reading

reads = Router(tags=["reading"])


class OutOfScope(BadInput):
    """A token that may act but not read. Looking is no decision, so nothing is recorded."""

    def __init__(self) -> None:
        super().__init__(scope=TOKEN_SCOPE(action=READ))


def read(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run a reading operation in its transaction; it gives plain values, not lazy ones."""

    @functools.wraps(view)
    def operation(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        scopes = request.by.scopes  # type: ignore[attr-defined]
        if scopes is not None and READ not in scopes:
            raise OutOfScope()
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

    return operation
