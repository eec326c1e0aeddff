"""What may be read over the API; each answer is read in one transaction in the name of the token's membership."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from remit.apps.records.context import reading

reads = Router(tags=["reading"])


def read(view: Callable[..., Any]) -> Callable[..., Any]:
    """Run a reading operation in its transaction; it gives plain values, not lazy ones."""

    @functools.wraps(view)
    def operation(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with reading(request.by, request.at):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

    return operation
