"""A guest for tests: a browser without log-in that opens a link as it stands in the outbox, takes the code from there, and acts."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.test import Client

from remit.apps.organizations import mail
from remit.apps.organizations.models import Message
from tests.world import World


class Guest:
    """One browser with one link. `host` is the seat of whoever invited, whose outbox holds link and codes."""

    def __init__(self, world: World, host: str, link: UUID) -> None:
        self.world, self.host, self.link = world, host, link
        self.browser = Client()
        self.page = re.search(r"/g/[\w-]+/", self.sent("guest", "request"))[0]  # type: ignore[index]

    def sent(self, *kinds: str) -> str:
        """The newest mail of these kinds for the link, whole."""
        with self.world.see(self.host):
            return mail.text_of(Message.objects.filter(link=self.link, kind__in=kinds).order_by("-made_at", "-id")[0])

    def code(self) -> str:
        """The code that was sent last."""
        return re.search(r"\b\d{6}\b", self.sent("code"))[0]  # type: ignore[index]

    def come_in(self) -> Guest:
        """Ask for the code and enter it."""
        assert self.post("code/").status_code == 303
        answer = self.post("enter/", code=self.code())
        assert (answer.status_code, answer.headers["Location"]) == (303, self.page), answer.content
        return self

    def get(self, rest: str = "") -> Any:
        """A page below the link."""
        return self.browser.get(self.page + rest)

    def post(self, rest: str, **values: Any) -> Any:
        """A form below the link, the clock moved on by a minute's worth as any action is."""
        self.world.on(self.world.now)
        return self.browser.post(self.page + rest, values, HTTP_REFERER=f"http://testserver{self.page}")

    def text(self, rest: str = "") -> str:
        """What a page says."""
        answer = self.get(rest)
        assert answer.status_code == 200, (answer.status_code, answer.headers)
        return str(answer.content.decode())
