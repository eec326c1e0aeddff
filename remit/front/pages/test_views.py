"""The public pages over HTTP: they ask the database nothing, keep nothing, and answer what is wrong in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from remit.front.pages import errors, limits, views
from remit.front.pages.test_statement_answer import APART


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHECKS", limits.Buckets(burst=12, per_minute=12))


@pytest.fixture(autouse=True)
def somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "is_awaited", lambda: False)


def sent(client: Client, data: bytes = APART, name: str = "a.sta", **headers: str):
    return client.post("/check/statement/", {"file": SimpleUploadedFile(name, data)}, headers=headers)


def test_the_first_page_offers_both_checks_and_sign_in_without_the_database(client: Client):
    page = client.get("/")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'action="/check/statement/"' in text
    assert 'action="/check/pack/"' in text
    assert 'name="password"' in text
    assert "style=" not in text
    assert "<script>" not in text


def test_the_language_changes_by_post_and_stays(client: Client):
    changed = client.post("/language/", {"language": "de", "next": "/"})
    assert changed.status_code == 302
    assert '<html lang="de"' in client.get("/").content.decode()


def test_a_check_works_without_script_on_the_whole_page(client: Client):
    page = sent(client).content.decode()
    assert "<html" in page
    assert "look at line 7" in page


def test_a_check_by_script_gets_the_answer_alone(client: Client):
    part = sent(client, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "look at line 7" in part
    assert '<symbol id="i-equal-not"' in part


def test_a_check_needs_no_token_and_is_not_stored_by_browsers():
    answer = sent(Client(enforce_csrf_checks=True))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_no_file_an_empty_form_and_a_broken_upload_are_answered(client: Client):
    assert client.post("/check/statement/").status_code == 400
    assert client.post("/check/statement/", b"x", content_type="multipart/form-data").status_code == 400
    assert client.post("/check/statement/", b"x", content_type="multipart/form-data; boundary=y").status_code == 400


@pytest.mark.parametrize("kind", ["statement", "pack", "invoice", "notice"])
def test_the_address_of_an_answer_opened_again_leads_to_its_form(client: Client, kind: str):
    led = client.get(f"/check/{kind}/")
    assert led.status_code == 303
    assert led["Location"] == f"/?check={kind}#h-check"
    page = client.get(f"/?check={kind}").content.decode()
    assert "No file came with that address" in page
    assert page.count('class="card drop on"') == 1
    assert page.index(f'action="/check/{kind}/"') > page.index('class="card drop on"')
    assert client.put(f"/check/{kind}/").status_code == 405


def test_an_unknown_kind_of_check_says_nothing(client: Client):
    page = client.get("/?check=%3Cb%3E").content.decode()
    assert "No file came" not in page
    assert 'class="card drop on"' not in page


def test_a_large_file_is_refused_in_words_before_it_is_read(client: Client):
    answer = sent(client, b"x" * (limits.FILE_BYTES + limits.FORM_BYTES))
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()


def test_too_many_tries_wait(client: Client):
    answers = [sent(client).status_code for _ in range(13)]
    assert answers == [200] * 12 + [429]
    late = sent(client)
    assert int(late["Retry-After"]) > 0
    assert "A moment, please" in late.content.decode()


def test_an_upload_is_held_in_memory_whatever_its_size(rf: RequestFactory):
    request = rf.post("/", {"file": SimpleUploadedFile("a", b"x" * 4_000_000)})
    request.upload_handlers = [limits.InMemory(request)]
    assert type(request.FILES["file"]).__name__ == "InMemoryUploadedFile"


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_page_says_what_to_do_and_keeps_drafts(rf: RequestFactory, status: int):
    request = rf.post("/o/x/", headers={"Referer": "http://testserver/o/x/briefs/?a=1"})
    page = errors.page(request, status)
    text = page.content.decode()
    assert page.status_code == status
    assert "data-keeps-drafts" in text
    assert 'href="/o/x/briefs/?a=1"' in text
    assert "What you can do" in text


def test_the_way_back_never_leads_to_another_site(rf: RequestFactory):
    text = errors.page(rf.get("/", headers={"Referer": "https://evil.example/o/"}), 404).content.decode()
    assert "evil" not in text
    assert "Back to the page" not in text


def test_a_lapsed_token_is_explained():
    answer = Client(enforce_csrf_checks=True).post("/sign-out/")
    assert answer.status_code == 403
    assert "Your log-in has lapsed" in answer.content.decode()


def test_lockout_is_explained(rf: RequestFactory):
    answer = views.locked_out(rf.post("/sign-in/"))
    assert answer.status_code == 429
    assert "Too many failures" in answer.content.decode()


def test_what_the_browser_holds_is_shown_after_sign_in_only(client: Client):
    answer = client.get("/keep/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fkeep%2F"
