"""What is asked about people."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remit.apps.organizations.models import Site
from remit.apps.organizations.views import choices
from remit.apps.organizations.views.forms import Day, Form
from remit.apps.people.models import Credential, Person
from remit.apps.people.views.showing import LEVELS
from remit.domain.gate.facts import CEFR
from remit.lines import lines

SPELL = re.compile(r"(\w+)\s*[:,;]\s*(\d{4}-\d{2}-\d{2})(?:\s*(?:[-–]|\.\.|until)?\s*(\d{4}-\d{2}-\d{2}))?")
DEGREE = re.compile(r"([5-8]) +([^:]{1,80}?) *: *([^,]{1,120}?)(?: *, *([^,]{1,120}?))? *, *((?:19|20)\d\d)")
TRAINING = re.compile(r"([^:]{1,80}?)(?: +v([^ :]{1,40}))? *: *(\d{4}-\d{2}-\d{2})(?: *[-–] *(\d{4}-\d{2}-\d{2}))?")


def _levels() -> list[tuple[int, str]]:
    return [(level, f"{level} – {word}") for level, word in LEVELS.items()]


class Placed(Form):
    """Fields whose sites are the organization's own."""

    def __init__(self, *arguments: Any, organization: UUID, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sites = [(str(site.id), site.name) for site in Site.objects.filter(organization=organization).order_by("name")]
        field = self.fields["site"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = self.sites


def languages_of(text: str) -> dict[str, str]:
    """Languages with their levels, as they are written: de C1, en B2."""
    known, found = dict(choices.languages()), {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        code, _space, level = part.replace(":", " ").partition(" ")
        code, level = code.lower(), level.strip().upper()
        if code not in known or level not in CEFR:
            raise forms.ValidationError(_("“%(part)s”: write a language and its level, such as de C1.") % {"part": part})
        found[code] = level
    return found


class PersonForm(Placed):
    """Five columns, and what comes with them where it is known; the rest is asked for when an act first needs it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    site = forms.ChoiceField(label=gettext_lazy("Site"))
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=_levels, coerce=int, initial=2)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"), choices=choices.services, required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    languages = forms.CharField(label=gettext_lazy("Languages"), required=False, help_text=gettext_lazy("Code and level: de C1, en B2. May follow later."))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles of their log-in"),
        choices=choices.roles,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ticked: a mail invites them to choose a password. A log-in that has this mail address already acts as this person."),
    )

    def clean_languages(self) -> dict[str, str]:
        return languages_of(self.cleaned_data["languages"])


class PlaceForm(Placed):
    """The same columns from a later day on, and what they cost."""

    since = Day(label=gettext_lazy("From"))
    site = forms.ChoiceField(label=gettext_lazy("Site"))
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=_levels, coerce=int)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"), choices=choices.services, required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    cost_rate_per_hour = forms.DecimalField(
        label=gettext_lazy("Cost an hour"),
        min_value=0,
        decimal_places=2,
        max_digits=12,
        required=False,
        help_text=gettext_lazy("Read by your organization alone."),
    )
    cost_currency = forms.ChoiceField(label=gettext_lazy("in the currency"), choices=lambda: [choices.NONE, *choices.currencies()], required=False)


class DescribeForm(Form):
    """Languages, programs and years, each a line of text."""

    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        required=False,
        help_text=gettext_lazy("Code and level of the European framework: de C1, en B2. Empty: not known, which the gate does not take for none."),
    )
    software = forms.CharField(label=gettext_lazy("Programs"), required=False, help_text=gettext_lazy("With commas: DATEV, Xero"))
    experience = forms.CharField(
        label=gettext_lazy("Work in a field since"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("A line for each stretch: bookkeeping: 2015-04-01, or bookkeeping: 2015-04-01 – 2019-12-31."),
    )

    degrees = forms.CharField(
        label=gettext_lazy("Degrees"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line each: ISCED level (6 bachelor, 7 master, 8 doctor), field: title, institution, year. 7 Business: MBA, Sofia University, 2015"
        ),
    )
    trainings = forms.CharField(
        label=gettext_lazy("Training passed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("A line each: what, its version where it has one, and from when it holds. month close v3: 2026-01-15 – 2027-01-15"),
    )
    knows = forms.CharField(
        label=gettext_lazy("Knows the rules of"), required=False, help_text=gettext_lazy("With commas, as rule files name them: DE, US-NY, GB-EAW")
    )

    def clean_degrees(self) -> list[dict[str, Any]]:
        found = []
        for number, line in enumerate(self.cleaned_data["degrees"].splitlines(), start=1):
            if not line.strip():
                continue
            degree = DEGREE.fullmatch(line.strip())
            if degree is None:
                raise forms.ValidationError(_("Line %(number)d: write it such as 7 Business: MBA, Sofia University, 2015.") % {"number": number})
            level, field, title, institution, year = (part or "" for part in degree.groups())
            found.append({"isced_level": int(level), "field": field, "title": title, "institution": institution, "year": int(year)})
        return found

    def clean_trainings(self) -> list[dict[str, Any]]:
        found = []
        for number, line in enumerate(self.cleaned_data["trainings"].splitlines(), start=1):
            if not line.strip():
                continue
            training = TRAINING.fullmatch(line.strip())
            try:
                if training is None:
                    raise ValueError
                since, until = (date.fromisoformat(day) if day else None for day in (training[3], training[4]))
            except ValueError:
                raise forms.ValidationError(_("Line %(number)d: write it such as month close v3: 2026-01-15.") % {"number": number}) from None
            found.append({"code": training[1], "version": training[2] or "", "valid_from": since, "valid_until": until})
        return found

    def clean_knows(self) -> list[str]:
        return [code.strip() for code in self.cleaned_data["knows"].split(",") if code.strip()]

    def clean_languages(self) -> dict[str, str]:
        return languages_of(self.cleaned_data["languages"])

    def clean_software(self) -> list[str]:
        return [name.strip()[:60] for name in self.cleaned_data["software"].split(",") if name.strip()]

    def clean_experience(self) -> list[dict[str, Any]]:
        found = []
        for number, line in enumerate(self.cleaned_data["experience"].splitlines(), start=1):
            if not line.strip():
                continue
            spell = SPELL.fullmatch(line.strip())
            try:
                if spell is None or spell[1] not in lines():
                    raise ValueError
                found.append(
                    {"service": spell[1], "since": date.fromisoformat(spell[2]), "until": date.fromisoformat(spell[3]) if spell[3] else None},
                )
            except ValueError:
                raise forms.ValidationError(
                    _("Line %(number)d: write a service and a first day, such as bookkeeping: 2015-04-01.") % {"number": number}
                ) from None
        return found


class CredentialForm(Form):
    """A licence or membership."""

    kind = forms.CharField(
        label=gettext_lazy("Title, in its own language"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "titles"}),
        help_text=gettext_lazy("As the law spells it; those that rules on file ask for are offered as you type."),
    )
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=120)
    jurisdiction = forms.CharField(
        label=gettext_lazy("Counts in"), max_length=8, min_length=2, help_text=gettext_lazy("A country such as DE, or a part of it: US-NY, GB-EAW.")
    )
    number = forms.CharField(label=gettext_lazy("Number"), max_length=40, required=False)
    valid_from = Day(label=gettext_lazy("Valid from"))
    valid_until = Day(label=gettext_lazy("Valid until (that day not included)"), required=False)

    def clean_jurisdiction(self) -> str:
        return str(self.cleaned_data["jurisdiction"]).strip().upper()


class VerifyForm(Form):
    """A look at a credential."""

    credential = forms.ChoiceField(label=gettext_lazy("Credential"))
    source = forms.CharField(label=gettext_lazy("Looked at"), max_length=200, help_text=gettext_lazy("The public register or the paper."))
    seen = forms.CharField(label=gettext_lazy("What was seen there"), max_length=300)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=lambda: [("verified", _("verified")), ("pending", _("asked, no answer yet")), ("failed", _("not found, or not as stated"))],
    )
    due_again_on = Day(label=gettext_lazy("Look again on"), required=False)

    def __init__(self, *arguments: Any, person: Person, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["credential"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(row.id), f"{row.kind} · {row.jurisdiction}") for row in Credential.objects.filter(person=person).order_by("kind")]


def wall_kinds() -> dict[str, str]:
    """Why a wall stands, by code."""
    return {"conflict": _("conflict of interest"), "exclusivity": _("exclusivity"), "cooling_off": _("cooling-off")}


class WallForm(Form):
    """Whom a person may not serve, and why."""

    against = forms.CharField(
        label=gettext_lazy("Client or matter"),
        max_length=36,
        help_text=gettext_lazy("Its reference: OR-7K3F-9QXM for an organization, TH-7K3F-9QXM for a matter."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=lambda: list(wall_kinds().items()),
    )
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    until = Day(label=gettext_lazy("Until (that day not included)"), required=False)
