"""From an empty folder to a pack that a third verifies: minutes, pages, fields and clicks of two people and a guest by mail.

`python bench/first_value.py`: one line of JSON for each milestone, and a last one with what was too much; exit status 1 where a limit is passed.

Remit is served as `remit start` serves it; a browser does every step by the links and buttons of the pages, and mails go over a real SMTP server
on the loopback. The machine's time is measured. People's time is added by the constants below, in the manner of the keystroke-level model; what
they think about the accounts themselves is not in it.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402

from remit.front.screenshots import FLAGS, chromium  # noqa: E402
from remit.lines import examples  # noqa: E402
from tests.postal import Post, free, servers  # noqa: E402

FIELD_S, CHOICE_S, CLICK_S, PAGE_S, FILE_S, MAIL_S, COMMAND_S, PHONE_S = 5.0, 3.0, 1.5, 10.0, 8.0, 30.0, 15.0, 30.0
"""A field typed; one chosen from a list or ticked; a click; a page taken in; a file found; a mail noticed, opened and read; a command typed; the
phone taken, its authenticator app opened and held before the picture. Whoever has no such app yet needs some minutes more."""
LIMITS_MIN = {"checked_file": 2, "accepted_item": 30, "invoice": 40, "pack_verified": 45}
MOST_FIELDS = 10
"""Typed or chosen before the first value: the checked file."""
OPENS_WITHIN_S, SEALED_WITHIN_S, MAILED_WITHIN_S, PAGE_WITHIN_S = 300, 180, 90, 30
CASE = "halden-2026-10"
ADA, ARUN, LENKA = ("Ada Ilieva", "ada@rila.example"), ("Arun Iyer", "arun@rila.example"), ("Lenka Weber", "lenka@halden.example")
PASSWORD = "correct horse battery"
CLIENT, IBAN, OUR_IBAN, VAT_ID, OUR_VAT_ID = "Halden Instruments GmbH", "DE17700918000012344471", "BG80BNBG96611020345678", "DE136695976", "BG123456786"


@dataclass
class Cost:
    """What was spent so far."""

    pages: int = 0
    typed: int = 0
    chosen: int = 0
    clicks: int = 0
    files: int = 0
    mails: int = 0
    commands: int = 0
    phones: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def people_s(self) -> float:
        """The simulated time of people."""
        return (
            self.pages * PAGE_S + self.typed * FIELD_S + self.chosen * CHOICE_S + self.clicks * CLICK_S
            + self.files * FILE_S + self.mails * MAIL_S + self.commands * COMMAND_S + self.phones * PHONE_S
        )  # fmt: skip

    def told(self, milestone: str) -> dict[str, object]:
        """One line of the table."""
        machine = time.monotonic() - self.began
        counts = {name: value for name, value in asdict(self).items() if name != "began"}
        seconds = {"minutes": round((machine + self.people_s) / 60, 1), "machine_s": round(machine, 1), "people_s": round(self.people_s)}
        return {"bench": "first_value", "milestone": milestone, **seconds, "fields": self.typed + self.chosen, **counts}


class Seat:
    """One person's browser; every act is counted."""

    def __init__(self, browser: Browser, base: str, cost: Cost, width: int = 1280) -> None:
        self.page: Page = browser.new_context(base_url=base, locale="en-GB", viewport={"width": width, "height": 900}).new_page()
        self.page.set_default_timeout(PAGE_WITHIN_S * 1000)
        self.cost = cost
        self.seen: list[str] = []

    def open(self, address: str) -> None:
        """An address typed or a link of a mail: the first page of somebody."""
        self.page.goto(address)
        self._read()

    def go(self, selector: str) -> None:
        """A link or button that leads to a page."""
        self.cost.clicks += 1
        target = self._one(selector)
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self._read()
        wrong = self.page.locator(":is(.refusal, .stopped, .error):visible")
        if wrong.count():
            raise SystemExit(f"stopped at {self.page.url} after {selector}: {wrong.first.inner_text()}")

    def unfold(self, selector: str) -> None:
        """A click that only shows more of the page."""
        self.cost.clicks += 1
        self._one(selector).click()

    def type(self, name: str, value: str, within: str = "main") -> None:
        self.cost.typed += 1
        self._one(f'{within} [name="{name}"]').fill(value)

    def choose(self, name: str, value: str, within: str = "main") -> None:
        """From a list, or by a box."""
        self.cost.chosen += 1
        choice = self._one(f'{within} [name="{name}"]:is(select, [value="{value}"])')
        if choice.evaluate("field => field.tagName") == "SELECT":
            choice.select_option(value)
        else:
            choice.check()

    def bring(self, selector: str, name: str, data: bytes) -> None:
        """A file chosen in the machine's dialog."""
        self.cost.files += 1
        self.page.locator(selector).first.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})

    def app_is_set_up(self) -> None:
        """From the page that says that a second factor comes first, by the app's own way, back to the form that asked for it."""
        form = self.page.locator('main a:has-text("Back to where you were")').get_attribute("href")
        self.go('main a[href^="/account/app/"]')
        if self.has('main [name="password"]'):
            self.type("password", PASSWORD)
            self.go("main button.pri")
        self.cost.phones += 1
        secret = self.page.locator("code.secret").inner_text()
        self.type("code", totp(secret))
        self.go("main button.pri")
        self.go(f'main .acts a.pri[href="{form}"]')

    def has(self, selector: str) -> bool:
        return self.page.locator(selector).count() > 0

    def _one(self, selector: str) -> Locator:
        found = self.page.locator(selector).first
        found.wait_for(state="visible")
        return found

    def _read(self) -> None:
        self.cost.pages += 1
        self.seen.append(self.page.url)


def totp(secret: str) -> str:
    """The six figures of RFC 6238 that an authenticator app shows now, and for some seconds yet."""
    time.sleep(max(0.0, time.time() % 30 - 27) and 3.1)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Mails:
    """What the SMTP server took."""

    def __init__(self, post: Post, cost: Cost) -> None:
        self.post, self.cost, self.read = post, cost, set[Path]()

    def find(self, to: str, pattern: str) -> str:
        """The first unread mail to somebody in which the pattern stands: what it matched."""
        self.cost.mails += 1
        ends = time.monotonic() + MAILED_WITHIN_S
        while time.monotonic() < ends:
            for file in sorted(set(self.post.folder.glob("*.eml")) - self.read):
                message = message_from_bytes(file.read_bytes(), policy=default)
                found = re.search(pattern, message.get_content()) if to in str(message["To"]) else None
                if found:
                    self.read.add(file)
                    return found[0]
            time.sleep(0.1)
        raise SystemExit(f"no mail to {to} with {pattern}")


class Journey:
    """The whole way, step by step; `tell` is called at each milestone."""

    def __init__(self, browser: Browser, base: str, code: str, post: Post, cost: Cost, folder: Path) -> None:
        self.browser, self.base, self.code, self.cost, self.folder = browser, base, code, cost, folder
        self.mails = Mails(post, cost)
        self.ada = Seat(browser, base, cost)
        self.told: list[dict[str, object]] = []
        self.case = examples.load("bookkeeping", CASE)
        self.statement, self.ledger = (next(paper for paper in self.case.papers if paper.slot == slot) for slot in ("statement", "ledger"))

    def tell(self, milestone: str) -> None:
        self.told.append(self.cost.told(milestone))
        print(json.dumps(self.told[-1]), flush=True)

    def walk(self) -> None:
        """All of it."""
        self.organization_is_founded()
        self.statement_is_checked()
        self.people_are_added()
        self.client_is_drafted()
        self.both_sign()
        item = self.month_is_opened_and_staffed()
        self.work_is_done()
        self.reviewed(item)
        self.accepted()
        self.invoiced()
        self.closed_and_sealed()

    def organization_is_founded(self) -> None:
        ada = self.ada
        ada.open("/first/")
        ada.type("code", self.code)
        ada.type("name", "Rila Ledger OOD")
        ada.choose("kinds", "provider")
        ada.choose("country", "BG")
        ada.type("person_name", ADA[0])
        ada.type("email", ADA[1])
        ada.type("password", PASSWORD)
        ada.go("main button.pri")
        self.home = re.match(r"https?://[^/]+/o/[^/]+/", ada.page.url)[0]  # type: ignore[index]
        self.tell("organization")

    def statement_is_checked(self) -> None:
        ada = self.ada
        ada.bring('.steps input[type="file"]', self.statement.name, self.statement.data)
        ada.go(".steps form button")
        ada.page.locator("text=give the closing balance").first.wait_for()
        self.tell("checked_file")

    def to_first_steps(self) -> None:
        """Home, by the mark in the corner."""
        self.ada.go(f'a[href="{self.home[len(self.base) :]}"]')

    def people_are_added(self) -> None:
        ada = self.ada
        self.to_first_steps()
        ada.go('.steps a[href$="/people/"]')
        ada.type("languages", "de C1, en C1")
        ada.choose("services", "bookkeeping")
        ada.go("main form button.pri")
        ada.go('a[href$="/people/"]')
        ada.type("name", ARUN[0])
        ada.type("email", ARUN[1])
        ada.choose("level", "4")
        ada.type("languages", "de C1, en C1")
        ada.choose("roles", "reviewer")
        ada.go("main form button.pri")
        # The law of the client's country asks for a qualified person who answers for the work, looked at by somebody else.
        ada.unfold("summary:has-text('Add a credential')")
        credential = 'form[action$="/credential/"]'
        for name, value in (("kind", "Steuerberater"), ("issuer", "Steuerberaterkammer München"), ("jurisdiction", "DE"), ("number", "4711")):
            ada.type(name, value, credential)
        ada.type("valid_from", "2016-06-01", credential)
        ada.go(f"{credential} button")
        ada.unfold("summary:has-text('Verify a credential')")
        verify = 'form[action$="/verify/"]'
        ada.type("source", "Amtliches Steuerberaterverzeichnis", verify)
        ada.type("seen", "Name and number as stated", verify)
        ada.go(f"{verify} button")
        self.tell("two_people")

    def client_is_drafted(self) -> None:
        ada = self.ada
        self.to_first_steps()
        ada.go('.steps a[href$="/clients/new/"]')
        ada.choose("country", "DE")
        ada.go("main form button.pri")
        ada.type("name", CLIENT)
        ada.type("vat_id", VAT_ID)
        ada.type("street", "Werkstraße 4")
        ada.type("postcode", "80331")
        ada.type("city", "München")
        ada.type("account", IBAN)
        ada.type("q-bank_ledger_account", "1200")
        ada.choose("q-chart_of_accounts", "skr03")
        ada.type("q-fee_account", "4970")
        ada.type("price-entry", "0.85")
        ada.type("iban", OUR_IBAN)
        ada.type("signer_name", LENKA[0])
        ada.type("signer_email", LENKA[1])
        ada.go("main form button.pri")

    def both_sign(self) -> None:
        self.ada.go('form[action$="/sign/"] button')
        self.ada.app_is_set_up()
        self.ada.go('form[action$="/sign/"] button')
        self.lenka = self.guest()
        self.lenka.go('form[action$="/sign/"] button')
        self.tell("agreement_signed")

    def guest(self) -> Seat:
        """A link in a mail, a code in another."""
        seat = Seat(self.browser, self.base, self.cost, 390)
        seat.open(self.mails.find(LENKA[1], r"http://\S+/g/[\w-]+/"))
        seat.go('form[action$="/code/"] button')
        seat.type("code", self.mails.find(LENKA[1], r"\b\d{6}\b"))
        seat.go('form[action$="/enter/"] button')
        return seat

    def month_is_opened_and_staffed(self) -> str:
        ada = self.ada
        self.to_first_steps()
        ada.go('.steps a[href*="/engagements/"]')
        if ada.page.locator('[name="month"]').input_value() != "2026-10":
            ada.type("month", "2026-10")
        ada.go('form[action$="/open/"] button')
        item = ada.page.url
        for step, name in (("prepare", ADA[0]), ("review", ARUN[0])):
            ada.go(f'main a[href$="/{step}/"]')
            ada.go(f'li:has-text("{name}") form[action$="/assign/"] button')
        ada.go('a[href*="guests/invite/?kind=item"]')
        self.invite("accept")
        self.tell("month_opened")
        return item

    def invite(self, *more: str) -> None:
        """The guest of the thing at hand; what is ticked stays, `more` is ticked besides. Who signed is known by name."""
        ada = self.ada
        for name, value in (("name", LENKA[0]), ("email", LENKA[1])):
            if ada.page.locator(f'main [name="{name}"]').input_value() != value:
                ada.type(name, value)
        for act in more:
            if not ada.page.locator(f'main [name="acts"][value="{act}"]').is_checked():
                ada.choose("acts", act)
        ada.go("main form button.pri")

    def work_is_done(self) -> None:
        self.lenka = lenka = self.guest()
        lenka.bring("#f-ledger", self.ledger.name, self.ledger.data)
        lenka.go('form.bring:has(input[value="ledger"]) button')
        ada = self.ada
        ada.page.reload()
        ada._read()
        ada.go('main a[href*="/work/kept/"]')
        ada.go('form[action$="/use/"] button')
        if ada.has('form[action$="/suggestions/"] button'):
            ada.go('form[action$="/suggestions/"] button')
        while ada.has('form[action$="/move/"]:has(input[name="suggested"]) button'):
            ada.go('form[action$="/move/"]:has(input[name="suggested"]) button')
        ada.go('form[action$="/hand-in/"] button')
        self.tell("handed_in")

    def reviewed(self, item: str) -> None:
        self.arun = arun = Seat(self.browser, self.base, self.cost)
        arun.open(self.mails.find(ARUN[1], r"http://\S+/welcome/\S+"))
        for number in range(arun.page.locator('main input[type="password"]').count()):
            arun.cost.typed += 1
            arun.page.locator('main input[type="password"]').nth(number).fill(PASSWORD)
        arun.go("main form button.pri")
        if arun.has('main [name="login"]'):
            arun.type("login", ARUN[1])
            arun.type("password", PASSWORD)
            arun.go("main form button.pri")
        arun.go('main a[href*="/work/WI-"]')
        arun.go('form#review button[value="passed"]')
        arun.app_is_set_up()
        arun.go('form#review button[value="passed"]')

    def accepted(self) -> None:
        lenka = self.lenka
        lenka.page.reload()
        lenka._read()
        lenka.go('form#accept button[value="accepted"]')
        lenka.page.locator("#deliverables").get_by_text("accepted").first.wait_for()
        self.tell("accepted_item")

    def invoiced(self) -> None:
        ada = self.ada
        self.to_first_steps()
        if ada.has('.steps a[href$="/organization/"]'):
            ada.go('.steps a[href$="/organization/"]')
            ada.type("vat_id", OUR_VAT_ID)
            ada.type("street", "ul. Shipka 6")
            ada.type("postcode", "1504")
            ada.type("city", "Sofia")
            ada.go("section:has(#h-mend) form button")
            self.to_first_steps()
        ada.go('main a[href*="/invoices/draw/"]')
        ada.go(".acts form button.pri")
        ada.page.locator("main").get_by_text("EN 16931").first.wait_for()
        self.tell("invoice")

    def closed_and_sealed(self) -> None:
        ada = self.ada
        self.to_first_steps()
        ada.go('.steps a[href*="/periods/"]')
        ada.go('a[href*="guests/invite/?kind=period"]')
        self.invite("close_period")
        closer = self.guest()
        closer.go('form[action$="/close/"] button')
        given = closer.page.locator('.linklike:has-text(".zip")').first
        ends = time.monotonic() + SEALED_WITHIN_S
        while not given.count() and time.monotonic() < ends:
            time.sleep(2)
            closer.page.reload()
        pack = self.folder / "pack.zip"
        with closer.page.expect_download() as got:
            self.cost.clicks += 1
            given.click()
        pack.write_bytes(Path(got.value.path()).read_bytes())
        self.cost.mails += 1
        self.cost.commands += 1
        done = subprocess.run(
            [sys.executable, "-I", "-m", "remit.formats.packs.verify", str(pack)], capture_output=True, text=True, check=False, cwd=self.folder
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        self.tell("pack_verified")


@contextmanager
def started(folder: Path, post: Post) -> Iterator[tuple[str, str]]:
    """`remit start` in an empty folder: the address, and the one-time code that it prints."""
    port = free()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DATABASE_URL"))}
    environment |= {"REMIT_MAIL_URL": post.mail_url, "REMIT_MAILBOX_URL": post.mailbox_url, "REMIT_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", "from remit.front.commands import main; main()", "start", "--json", "--data", str(folder / "data")]
    log = folder / "log"
    with log.open("w") as out:
        server = subprocess.Popen([*command, "--port", str(port), "--no-browser"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        ends = time.monotonic() + OPENS_WITHIN_S
        while not (code := re.search(r'"event": "first_code".*"code": "([\w-]+)"', log.read_text())):
            if server.poll() is not None or time.monotonic() > ends:
                raise SystemExit(f"Remit did not open: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", code[1]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def too_much(told: list[dict[str, object]]) -> list[str]:
    """The limits that were passed."""
    by_name = {str(row["milestone"]): row for row in told}
    late = [f"{name}: {by_name[name]['minutes']} of {most} min" for name, most in LIMITS_MIN.items() if float(str(by_name[name]["minutes"])) > most]
    fields = int(str(by_name["checked_file"]["fields"]))
    return late + ([f"{fields} of {MOST_FIELDS} fields before the first value"] if fields > MOST_FIELDS else [])


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--picture", type=Path, help="where a picture of the page is put at which the way ended too early")
    given = asked.parse_args()
    cost = Cost()
    with (
        tempfile.TemporaryDirectory(prefix="remit-first-value-", ignore_cleanup_errors=True) as name,
        servers_in(Path(name)) as post,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        folder.chmod(0o711)
        with playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS)) as browser:
            cost.began = time.monotonic()
            with started(folder, post) as (base, code):
                journey = Journey(browser, base, code, post, cost, folder)
                try:
                    journey.walk()
                except BaseException:
                    if given.picture:
                        picture_all(browser, given.picture)
                        shutil.copy(folder / "log", given.picture)
                    raise
    # The database's keeper may put its folder back once while it ends.
    time.sleep(1)
    shutil.rmtree(name, ignore_errors=True)
    passed = too_much(journey.told)
    print(json.dumps({"bench": "first_value", "passed": passed, "limits_min": LIMITS_MIN, "most_fields": MOST_FIELDS}), flush=True)
    return 1 if passed else 0


def picture_all(browser: Browser, folder: Path) -> None:
    """Every open page as it stands, with its text."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(browser.contexts):
        for page in context.pages:
            page.screenshot(path=str(folder / f"{number}.png"), full_page=True)
            (folder / f"{number}.txt").write_text(f"{page.url}\n{page.locator('main').inner_text()}")


@contextmanager
def servers_in(folder: Path) -> Iterator[Post]:
    """The mail servers, with a folder of their own."""
    (folder / "mail").mkdir()
    with servers(folder / "mail") as post:
        yield post


if __name__ == "__main__":
    sys.exit(main())
