"""How the forms of these pages are asked and sent: a Django form checks and says in words, the action decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from remit.apps.organizations import door, places
from remit.apps.organizations.acting import Action, Done
from remit.apps.records.context import reading
from remit.domain.reasons import Reason

Values = Callable[[dict[str, Any]], Mapping[str, Any]]


class DayInput(forms.DateInput):
    """The browser's own picker of days."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Day(forms.DateField):
    """A day, as the browser's picker sends it."""

    widget = DayInput

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **{"widget": DayInput(), **options})


class Zone(forms.ChoiceField):
    """A time zone. Today's names are offered; an older one of the same tables is taken too, and offered where it is what stands there."""

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or places.is_zone(str(value))

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound: forms.BoundField = super().get_bound_field(form, field_name)
        stands = str(bound.value() or "")
        if not super().valid_value(stands) and places.is_zone(stands):
            self.choices = [(stands, stands.replace("_", " ")), *self.choices]  # type: ignore[misc]
        return bound


class Form(forms.Form):
    """A form of a page: its names are those of the action's input; two of them on one page differ by `prefix` of their ids."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"auto_id": f"{type(self).__name__.lower()}_%s", "label_suffix": "", **options})

    def given(self) -> dict[str, Any]:
        """What was filled in; empty fields are left out."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    def add_reasons(self, errors: Mapping[str, tuple[Reason, ...]]) -> None:
        """Show an action's errors at their fields; what has no field here stands above the form."""
        for field, said in door.sentences(errors).items():
            name = field.partition(".")[0]
            for sentence in said:
                self.add_error(name if name in self.fields else None, sentence)


def send(
    request: HttpRequest,
    make: Callable[[QueryDict], Form],
    action: Action,
    *,
    show: Callable[[Form], HttpResponse],
    then: str | Callable[[Done], str],
    values: Values | None = None,
    says: str = "",
) -> HttpResponse:
    """Do `action` with what the form holds; `show` draws the page with the form again where something in it is wrong (status 422)."""
    with reading(request.by, request.at):  # type: ignore[attr-defined]
        form = make(request.POST)
        if not form.is_valid():
            return wrong(show(form))
    given = values(form.given()) if values else form.given()

    def again(errors: Mapping[str, tuple[Reason, ...]]) -> HttpResponse:
        form.add_reasons(errors)
        return show(form)

    return door.perform(request, action, given, then=then, again=again, says=says)


def wrong(answer: HttpResponse) -> HttpResponse:
    """The page again, as one that was not taken."""
    answer.status_code = 422
    return answer
