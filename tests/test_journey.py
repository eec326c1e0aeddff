"""The whole journey in a browser, against a served demonstration: from a notice to a sealed month that an auditor verifies alone."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from remit.front.screenshots import FLAGS, NoBrowser, chromium
from remit.lines import examples
from tests.environment import bare

pytestmark = pytest.mark.browser
BUILT_WITHIN_S, SEALED_WITHIN_S = 180, 60
CASE = "halden-2026-10"

NOTICE = {
    "ocid": "ocds-made01-0001",
    "id": "ocds-made01-0001-1",
    "date": "2026-09-01T09:00:00+02:00",
    "tag": ["tender"],
    "initiationType": "tender",
    "parties": [{"id": "1", "name": "Halden Instruments GmbH", "roles": ["buyer"], "address": {"locality": "München", "countryName": "Germany"}}],
    "buyer": {"id": "1", "name": "Halden Instruments GmbH"},
    "tender": {
        "id": "T-1",
        "title": "Monthly bookkeeping and bank reconciliation",
        "description": "Running bookkeeping for one company; software DATEV.",
        "status": "active",
        "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "79211100", "description": "Bookkeeping services"}}],
        "contractPeriod": {"startDate": "2026-10-01T00:00:00+02:00", "endDate": "2028-09-30T00:00:00+02:00"},
    },
}
ASKED = {
    "entities": "1", "level": "2", "hours_a_month": "40", "language": "de", "language_level": "B2", "confidentiality": "ordinary", "zone": "Europe/Berlin",
    "opens": "09:00", "closes": "18:00", "shared_min": "240", "term_months": "24", "relationship": "retainer", "start": "2026-10-01", "client_country": "DE",
    "service": "bookkeeping", "documents_a_month": "100", "entries_a_month": "45", "bank_accounts": "1", "close_on": "10",
}  # fmt: skip


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The demonstration, served as `make run` serves it: database, sequencer, worker, web."""
    # Not below pytest's own folder, which other runs close to the user that the database runs as.
    folder = Path(tempfile.mkdtemp(prefix="remit-journey-"))
    folder.chmod(0o711)
    data = folder / "demo"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from remit.front.commands import main; main()", "run", "--data", str(data), "--port", str(port), "--no-browser"]
    environment = bare() | {"REMIT_LOG_LEVEL": "ERROR"}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        try:
            until = time.monotonic() + BUILT_WITHIN_S
            while not _is_built(data):
                assert server.poll() is None, (folder / "log").read_text()[-2000:]
                assert time.monotonic() < until, (folder / "log").read_text()[-2000:]
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
            # The keeper lingers for a second and then lets go of its lock.
            time.sleep(2.5)
            shutil.rmtree(folder, ignore_errors=True)


def _is_built(data: Path) -> bool:
    told = data / "demonstration.json"
    return told.exists() and json.loads(told.read_text())["done"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        path = chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


class Seats:
    """A page of its own for each made-up person, signed in by one click."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.pages: dict[str, Page] = {}

    def __getitem__(self, mail: str) -> Page:
        if mail not in self.pages:
            page = self.browser.new_context(base_url=self.base, locale="en", viewport={"width": 1280, "height": 900}).new_page()
            page.goto("/")
            page.locator(f'form:has(input[name="user"][value="{mail}"]) button').click()
            page.wait_for_url("**/o/**")
            page.set_default_timeout(20_000)
            self.pages[mail] = page
        return self.pages[mail]

    def go(self, mail: str, rest: str) -> Page:
        """That person's page at an address below their organization."""
        page = self[mail]
        home = re.match(r"https?://[^/]+(/o/[^/]+/)", page.url)
        assert home
        page.goto(home[1] + rest)
        return page


@pytest.fixture(scope="module")
def seats(browser: Browser, base: str) -> Seats:
    return Seats(browser, base)


PETRA, JONAS, MAYA = "petra@halden.example", "jonas@halden.example", "maya@rila.example"
DIVYA, ARUN, IVAN = "divya@rila.example", "arun@rila.example", "ivan@marin.example"


def test_a_relation_that_ran_before_stands_beside_those_decided_here(seats: Seats) -> None:
    said = "Taken over on 8 Feb 2027 from file northwind-tooling-2024.pdf"
    page = seats.go("grace@northwind.example", "agreements/")
    page.locator('tr:has-text("taken over") a').first.click()
    expect(page.locator("#taken-over")).to_contain_text(said)
    expect(page.locator("#taken-over")).to_contain_text("Grace Whitman confirmed it")
    expect(page.locator("main")).to_contain_text(f"{said} (")
    expect(page.locator("main")).not_to_contain_text("The function was not assessed")
    page.locator('main a[href*="/engagements/EG-"]').first.click()
    expect(page.locator("main")).to_contain_text(said)
    page.locator('main a[href*="/periods/PR-"]').first.click()
    page.locator('main a[href*="/work/WI-"]').first.click()
    expect(page.locator("main")).to_contain_text("Is the press of 14 January (GBP 14,800) a new asset or a repair?")
    expect(page.locator("main")).to_contain_text("Amine Berrada")


def test_a_month_under_way_shows_who_waits_for_whom(seats: Seats) -> None:
    """The demonstration's January reaches each state that such a page has."""
    page = seats.go(PETRA, "work/")
    page.locator('main a[href*="/periods/PR-"]').first.click()
    matrix = page.locator("table.mx")
    for said in ("a question is open", "nobody is on it", "is missing", "no receipt", "nothing to file", "after closing", "no invoice yet"):
        expect(matrix).to_contain_text(said)
    expect(page.locator("h1")).to_contain_text("5 things block it")
    for code in ("block.nothing_made", "block.nobody", "block.not_answered", "block.no_receipt"):
        expect(page.locator("ol.holds")).to_contain_text(code)
    expect(page.locator("table.dates-t")).to_contain_text("sent, no receipt")
    expect(page.locator("table.dates-t")).to_contain_text("not sent yet")


def test_the_journey(seats: Seats, tmp_path: Path) -> None:
    brief = notice_becomes_a_brief(seats)
    function_is_assessed(seats)
    agreement = provider_is_awarded(seats, brief)
    both_sign(seats, agreement)
    item = month_is_opened_and_staffed(seats, agreement)
    work_is_done(seats, item, tmp_path)
    reviewed_and_accepted(seats, item)
    invoice_is_drawn(seats)
    month_is_sealed(seats, item, tmp_path)


def press(page: Page, selector: str) -> None:
    """Click, and wait for the page that comes."""
    page.locator(selector).first.click()
    page.wait_for_load_state()


def refused(page: Page) -> None:
    expect(page.locator(".refusal")).to_be_visible()


def notice_becomes_a_brief(seats: Seats) -> str:
    """1: each field shows where it came from; what the notice lacks is asked; none is invented."""
    page = seats.go(PETRA, "briefs/new/")
    page.set_input_files('input[name="file"]', {"name": "notice.json", "mimeType": "application/json", "buffer": json.dumps(NOTICE).encode()})
    press(page, 'form[action$="/notice/"] button')
    expect(page.locator("h1")).to_contain_text("Monthly bookkeeping")
    assert page.locator('[name="q-shared_min"]').first.input_value() in ("", "240")
    # What the service itself asks comes once the service is answered.
    for _ in range(2):
        for code, value in ASKED.items():
            _answer(page, code, value)
        press(page, 'form[action$="/answers/"] button.pri')
        if page.locator('a.pri[href$="/shortlist/"]').count():
            break
    expect(page.locator('a.pri[href$="/shortlist/"]').first).to_be_visible()
    return str(re.search(r"BR-\w{4}-\w{4}", page.url)[0])  # type: ignore[index]


def _answer(page: Page, code: str, value: str) -> None:
    field = page.locator(f'form:has([name="version"]) [name="q-{code}"]').first
    if not field.count() or not field.is_visible():
        return
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def function_is_assessed(seats: Seats) -> None:
    """2: tasks, keep / BPO / KPO, reasons."""
    page = seats.go(PETRA, "functions/")
    page.fill('[name="name"]', "Bookkeeping of the company")
    page.select_option('[name="service"]', "bookkeeping")
    press(page, 'form[action$="/name/"] button')
    press(page, 'form[action$="/assess/"] button')
    expect(page.locator("main")).to_contain_text("KPO")
    expect(page.locator("main")).to_contain_text("Steuerberatungsgesetz")


def provider_is_awarded(seats: Seats, brief: str) -> str:
    """3: the shortlist with reasons for those that are out; one is awarded, with its reason; 4 begins with the draft."""
    page = seats.go(PETRA, f"briefs/{brief}/shortlist/")
    press(page, 'form[action$="/draw/"] button')
    expect(page.locator("main")).to_contain_text("Rila Ledger")
    expect(page.locator("main")).to_contain_text("gate.credential_missing")
    page.locator("details:has(input[name='provider']) summary").first.click()
    page.locator('form[action$="/award/"] [name="reason"]').first.fill("German reviewers and a full day together.")
    press(page, 'form[action$="/award/"] button')
    press(page, 'form[action$="/agreements/draft/"] button')
    return str(re.search(r"AG-\w{4}-\w{4}", page.url)[0])  # type: ignore[index]


def both_sign(seats: Seats, agreement: str) -> None:
    """4: entity, tax, contacts, who answers for the work; each side signs the same bytes."""
    page = seats.go(PETRA, f"agreements/{agreement}/")
    expect(page.locator('form[action$="/sign/"] button')).to_be_disabled()
    entity = page.locator("fieldset:has-text('Halden Instruments GmbH') input[name='entity']").first
    entity.check()
    key = entity.get_attribute("value")
    page.fill(f'[name="{key}-joins_on"]', "2026-10-01")
    page.fill(f'[name="{key}-bank_ledger_account"]', "1200")
    page.select_option(f'[name="{key}-chart_of_accounts"]', "skr03")
    page.fill(f'[name="{key}-fee_account"]', "4970")
    page.select_option('[name="tax_category"]', "AE")
    page.fill('[name="tax_reason"]', "Reverse charge, Article 196 of Directive 2006/112/EC")
    for number, (side, name) in enumerate((("client", "Jonas Weber"), ("provider", "Maya Dimitrova"))):
        page.locator(f'[name="contact-{number}-side"]').select_option(label="Halden Instruments" if side == "client" else "Rila Ledger")
        page.fill(f'[name="contact-{number}-name"]', name)
    press(page, "form.settle button.pri")
    page = seats.go(MAYA, f"agreements/{agreement}/")
    page.select_option('[name="responsible"]', label="Georgi Stanev")
    page.fill('[name="iban"]', "BG80BNBG96611020345678")
    press(page, "form.settle button.pri")
    press(page, 'form[action$="/sign/"] button')
    page = seats.go(PETRA, f"agreements/{agreement}/")
    press(page, 'form[action$="/sign/"] button')
    expect(page.locator('a[href*="/engagements/EG-"]')).to_be_visible()


def month_is_opened_and_staffed(seats: Seats, agreement: str) -> str:
    """5: the gate refuses one who may not, saying why, and takes those who may."""
    page = seats.go(MAYA, f"agreements/{agreement}/")
    press(page, 'a[href*="/engagements/EG-"]')
    page.fill('[name="month"]', "2026-10")
    press(page, 'form[action$="/open/"] button')
    reference = str(re.search(r"WI-\w{4}-\w{4}", page.url)[0])  # type: ignore[index]
    for step, name in (("review", "Divya Rao"), ("prepare", "Divya Rao"), ("review", "Arun Iyer")):
        page = seats.go(MAYA, f"staffing/{reference}/{step}/")
        card = page.locator(f':is(li,article,section):has(> * form):has-text("{name}") form, :is(li,article):has-text("{name}") form').last
        card.locator("button").last.click()
        page.wait_for_load_state()
        if (step, name) == ("review", "Divya Rao"):
            refused(page)
            expect(page.locator(".refusal")).to_contain_text("gate.level")
    return reference


def work_is_done(seats: Seats, item: str, tmp_path: Path) -> None:
    """6: a paper that does not belong is refused with its line; the right ones are matched, explained and handed in."""
    example, planted = examples.load("bookkeeping", CASE), examples.load("bookkeeping", "planted-errors")
    page = seats.go(DIVYA, f"work/{item}/")
    wrong = next(paper for paper in planted.papers if "foot" in paper.name)
    _bring(page, "statement", wrong.name, wrong.data)
    expect(page.locator("#papers .stopped")).to_contain_text("bank.")
    for paper in example.papers:
        page = seats.go(DIVYA, f"work/{item}/")
        _bring(page, paper.slot, paper.name, paper.data)
        expect(page.locator("#papers")).to_contain_text(paper.name)
    page = seats.go(DIVYA, f"work/{item}/")
    press(page, 'form[action$="/suggestions/"] button')
    for _ in range(12):
        page = seats.go(DIVYA, f"work/{item}/")
        suggested = page.locator('form[action$="/move/"]:has(input[name="suggested"]) button')
        if not suggested.count():
            break
        suggested.first.click()
        page.wait_for_load_state()
    page = seats.go(DIVYA, f"work/{item}/")
    press(page, 'form[action$="/hand-in/"] button')
    expect(page.locator("#deliverables")).to_contain_text("manifest.json")


def _bring(page: Page, slot: str, name: str, data: bytes) -> None:
    page.set_input_files(f"#f-{slot}", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    press(page, f'form.bring:has(input[value="{slot}"]) button')


def reviewed_and_accepted(seats: Seats, item: str) -> None:
    """7: another person passes exactly those bytes; the preparer is not offered it; the client accepts."""
    page = seats.go(DIVYA, f"work/{item}/")
    expect(page.locator("form#review")).to_have_count(0)
    page = seats.go(ARUN, f"work/{item}/")
    press(page, 'form#review button[value="passed"]')
    page = seats.go(JONAS, f"work/{item}/")
    press(page, 'form#accept button[value="accepted"]')
    expect(page.locator("#deliverables")).to_contain_text("accepted")


def invoice_is_drawn(seats: Seats) -> None:
    """8: a line off the card is refused; the invoice of the accepted work is valid and printed."""
    page = seats.go(MAYA, "invoices/")
    press(page, 'main a[href*="draw"]')
    page.fill('[name="says"]', "Translation of vouchers")
    page.fill('[name="quantity"]', "3")
    page.select_option('[name="basis"]', "unit")
    press(page, 'fieldset:has([name="says"]) ~ * button, form:has([name="says"]) button')
    expect(page.locator("main")).to_contain_text("billing.off_card")
    page = seats.go(MAYA, "invoices/")
    press(page, 'main a[href*="draw"]')
    press(page, ".acts form button.pri")
    expect(page.locator("main")).to_contain_text("EN 16931")
    with page.expect_download() as got:
        page.locator(".acts form button").first.click()
    assert b"urn:cen.eu:en16931:2017" in Path(got.value.path()).read_bytes()


def month_is_sealed(seats: Seats, item: str, tmp_path: Path) -> None:
    """9: closed, sealed, the pack given; the auditor reads the record, and the stand-alone verifier confirms, or names the entry that was changed."""
    page = seats.go(PETRA, f"work/{item}/")
    press(page, 'main a[href*="/periods/PR-"]')
    press(page, 'form[action$="/close/"] button')
    # The page asks by itself until the job has sealed the month and given the pack.
    given = page.locator('.linklike:has-text(".zip")')
    expect(given).to_be_visible(timeout=SEALED_WITHIN_S * 1000)
    pack = tmp_path / "pack.zip"
    with page.expect_download() as got:
        given.click()
    pack.write_bytes(Path(got.value.path()).read_bytes())
    assert _verified(pack)[0] == 0
    broken = bytearray(pack.read_bytes())
    at = broken.index(b'"kind":"deliverable.reviewed"')
    broken[at + 20] ^= 1
    pack.write_bytes(bytes(broken))
    status, said = _verified(pack)
    assert status == 1
    assert re.search(r"entry \d+", said), said
    page = seats.go(IVAN, "record/")
    expect(page.locator("main")).to_contain_text("Halden")


def _verified(pack: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", "-m", "remit.formats.packs.verify", str(pack)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
