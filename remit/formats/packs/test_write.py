"""What the writer refuses, and what the reader gives back."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from remit.domain.record.canonical import canonical
from remit.domain.record.statement import decode
from remit.formats.packs.conftest import CLIENT_OWN, ENGAGEMENT, OPENING, PERIOD, Installation, packed_bytes
from remit.formats.packs.read import read_pack
from remit.formats.packs.verify import Container
from remit.formats.packs.write import PackDoesNotHold, PackedFile, PackTooLarge, write_pack


def test_a_pack_reads_back(sealed_month: Installation) -> None:
    pack, report = read_pack(sealed_month.pack(openings=[OPENING]))
    assert pack is not None
    assert report.status == 0
    assert (pack.origin, pack.demonstration, pack.covers, pack.openings) == ("demo.example", True, PERIOD, (OPENING,))
    assert {log.id: list(log.entries) for log in pack.logs} == sealed_month.logs
    assert pack.logs[1].head == sealed_month.head(ENGAGEMENT)
    assert decode(pack.logs[1].entries[2]).kind == "deliverable.reviewed"
    assert len(pack.files) == 2


def test_nothing_is_read_out_of_a_pack_that_does_not_hold(pack: bytes) -> None:
    at = pack.index(b"All 12 lines")
    assert read_pack(pack[:at] + b"B" + pack[at + 1 :])[0] is None
    assert read_pack(b"")[0] is None


def test_a_pack_that_would_not_verify_is_not_written(sealed_month: Installation) -> None:
    good = sealed_month.contents()
    log, file = good.logs[1], good.files[0]
    for wrong in (
        replace(good, logs=[]),
        replace(good, logs=[good.logs[0], replace(log, entries=sealed_month.logs[ENGAGEMENT][:-1])]),
        replace(good, logs=[good.logs[0], replace(log, entries=[b"a\nb"])]),
        replace(good, logs=[good.logs[0], replace(log, entries=[b"x" * 65_536])]),
        replace(good, logs=[good.logs[0], replace(log, checkpoint=good.logs[0].checkpoint)]),
        replace(good, logs=[good.logs[0], replace(log, head=sealed_month.contents().logs[1].head)]),
        replace(good, files=[PackedFile(sha256=file.sha256, open=lambda: io.BytesIO(b"other"))]),
        replace(good, origin="demo.other"),
    ):
        with pytest.raises(PackDoesNotHold):
            write_pack(io.BytesIO(), wrong)


def test_too_many_members_are_said_and_not_written(sealed_month: Installation) -> None:
    contents = sealed_month.contents()
    many = {number: [] for number in range(70_000)}
    with pytest.raises(PackTooLarge, match="65535 members"):
        write_pack(io.BytesIO(), replace(contents, earlier=many))


def test_entries_stream(sealed_month: Installation) -> None:
    """Entries may come from a cursor: they are asked for once, one after another."""
    contents = sealed_month.contents()
    once = [replace(log, entries=iter(list(log.entries))) for log in contents.logs]
    assert packed_bytes(replace(contents, logs=once)) == packed_bytes(contents)


def test_the_page_shows_entries_and_lets_none_of_their_markup_through(pack: bytes) -> None:
    page = Container(io.BytesIO(pack)).read("index.html").decode()
    assert "All 12 lines tie &lt;to the ledger&gt; &amp; the bank." in page
    assert "deliverable.reviewed" in page
    assert "simulated" in page
    assert "<script" not in page


def test_a_bomb_is_no_pack() -> None:
    """Compressed members are refused before anything is unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 50_000_000)
    assert len(out.getvalue()) < 100_000
    pack, report = read_pack(out.getvalue())
    assert pack is None
    assert report.why is not None
    assert report.why["code"] == "compressed"


def test_a_log_alone_is_a_pack(sealed_month: Installation) -> None:
    pack, report = read_pack(sealed_month.pack([CLIENT_OWN]))
    assert report.status == 0
    assert pack is not None
    assert [log.id for log in pack.logs] == [CLIENT_OWN]


def test_the_form_is_frozen(pack: bytes) -> None:
    """Packs of this form were given away. Only what is for reading and the verifier may change; anything else here is a new form with a new number."""
    container = Container(io.BytesIO(pack))
    for_reading = {"README.txt", "index.html", "verify.py"}
    manifest = json.loads(container.read("manifest.json"))
    manifest["members"] = [member for member in manifest["members"] if member["path"] not in for_reading]
    frozen = hashlib.sha256(canonical(manifest))
    for name in container.members:
        if name not in for_reading | {"manifest.json"}:
            frozen.update(name.encode() + b"\0" + container.read(name))
    assert list(container.members) == [member["path"] for member in json.loads(container.read("manifest.json"))["members"]] + ["manifest.json"]
    assert frozen.hexdigest() == "8a89ca5c55d619b00443df489a05c77a69a183280622add27a912852e716848e"
