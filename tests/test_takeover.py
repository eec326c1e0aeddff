"""Running relations taken over on the real database: forty people and twelve engagements in one go, all or nothing, and twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import AgreedEntity, AgreedLine, Agreement, Engagement, TakenOver
from remit.apps.organizations.acting import BadInput, Done, Refused
from remit.apps.organizations.founding import FOUNDER_ROLES, found, new_user
from remit.apps.organizations.models import Grant, Organization
from remit.apps.people.gate import store_rule_sets
from remit.apps.people.models import Credential, Person
from remit.apps.records import log
from remit.apps.records.context import By, reading, writing
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Entry
from remit.apps.work.actions import bring_takeover, import_people, take_over
from remit.apps.work.models import Assignment, OpeningTime, Period, Request, TakeoverDraft, WorkItem
from tests import takeover_case as case

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def provider(database: str) -> By:
    return founded("Rila Ledger EOOD", "nora@rila.example")


def founded(name: str, mail: str) -> By:
    by = By(organization=uuid7(), door="page", user=uuid7(), membership=uuid7(), name=name)
    with writing(by, AT):
        store_rule_sets(AT)
        user = new_user(mail, "correct horse battery staple", name, key=by.user)
        found(by, AT, name=name, kinds=["provider"], country="BG", currency="EUR", user=user, roles=FOUNDER_ROLES)
    return by


def bring(by: By, files: list[Any]) -> UUID:
    done = bring_takeover(by=by, at=AT, files=files)
    assert isinstance(done, Done)
    return done.id


@pytest.fixture(scope="module")
def taken(provider: By) -> By:
    assert isinstance(take_over(by=provider, at=AT, takeover=bring(provider, case.folder())), Done)
    return provider


def test_forty_people_and_twelve_engagements_in_one_go(taken: By) -> None:
    with reading(taken, AT):
        assert Person.objects.count() == 40
        assert Credential.objects.count() == 10
        assert Engagement.objects.count() == Agreement.objects.count() == AgreedEntity.objects.count() == Period.objects.count() == 12
        assert AgreedLine.objects.count() == 12 * 3 + 4 * 2
        assert Request.objects.count() == 12
        assert sorted(set(OpeningTime.objects.values_list("basis", "quantity"))) == [("hour", Decimal("2.5")), ("unit", Decimal(120))]
        assert Organization.objects.filter(kinds__contains=["client"]).count() == 12
        assert {item.period.begins_on for item in WorkItem.objects.select_related("period")} == {date(2026, 11, 1)}
        assert WorkItem.objects.exclude(carried=None).count() == 3
        assert set(Assignment.objects.values_list("step", flat=True)) == {"prepare", "review"}, [
            [reason.code for reason in log.reasons(entry.id)] for entry in Entry.objects.filter(outcome="refused")
        ]
