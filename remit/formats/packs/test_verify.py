"""The verifier against packs that lie: each lie fails, and the entry is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from remit.domain.record import checkpoint, tree
from remit.domain.record.canonical import canonical
from remit.domain.record.decision import Actor, Coverage, EntryReference, ObjectReference
from remit.formats.packs import keys, verify, write
from remit.formats.packs.conftest import (
    CLIENT,
    CLIENT_OWN,
    ENGAGEMENT,
    ITEM,
    KEY,
    OPENING,
    PERIOD,
    PREPARER,
    REVIEWER,
    WITNESS,
    Installation,
    evidence,
    month,
    packed_bytes,
)

BASE = f"logs/{ENGAGEMENT}/"
Members = dict[str, bytes]


def unpacked(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: list[tuple[str, bytes]], relist: bool = True) -> bytes:
    """A zip in the pack's layout, as a forger would make it: with a manifest that fits, if asked."""
    if relist:
        manifest = json.loads(dict(members)["manifest.json"])
        manifest["members"] = [
            {"path": name, "size": len(data), "sha256": verify.hashlib.sha256(data).hexdigest()} for name, data in members if name != "manifest.json"
        ]
        members = [(name, canonical(manifest) if name == "manifest.json" else data) for name, data in members]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(write._fixed_info(name), data)
    return out.getvalue()


def changed(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    members = unpacked(data)
    assert change(members[member]) != members[member]
    members[member] = change(members[member])
    return packed(list(members.items()))


def codes(report: verify.Report) -> set[str]:
    return {finding["code"] for finding in report.failures}


def shown(report: verify.Report) -> set[str]:
    return {finding["code"] for finding in report.not_shown}


def test_a_good_pack_holds_and_says_what_it_did_not_show(pack: bytes) -> None:
    report = verify.check(pack)
    assert (report.status, report.entries, report.demonstration) == (0, 7, True)
    assert shown(report) == {"demonstration", "key_from_pack", "no_held", "no_witness", "no_stamp", "words", "always"}
    assert {"checked_members", "checked_log", "checked_reviews", "checked_files", "checked_openings", "checked_seals"} <= {f["code"] for f in report.checked}
    assert json.loads(json.dumps(report.as_dict()))["holds"] is True


def test_the_same_values_give_the_same_bytes(pack: bytes) -> None:
    assert month(Installation()).pack(openings=[OPENING]) == pack


def test_what_was_asked_for_is_shown_and_no_longer_listed(sealed_month: Installation) -> None:
    earlier = checkpoint.sign_checkpoint(replace(sealed_month.head(ENGAGEMENT), size=3, root=tree.root_of(sealed_month.leaves(ENGAGEMENT)[:3])), KEY)
    witness = str(checkpoint.VerifierKey("auditor.example", WITNESS.public, checkpoint.COSIGNATURE_V1))
    report = verify.check(sealed_month.pack(cosigned=True), keys=[str(sealed_month.key())], held=[earlier], witnesses=[witness])
    assert report.status == 0
    assert not {"key_from_pack", "no_held", "no_witness"} & shown(report)
    assert {"checked_held", "checked_witness"} <= {finding["code"] for finding in report.checked}


@pytest.mark.parametrize("index", range(6))
def test_a_changed_entry_is_named(pack: bytes, index: int) -> None:
    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        lines[index] = lines[index].replace(b"2026-02-01T09", b"2026-02-01T08")
        return b"\n".join(lines)

    report = verify.check(changed(pack, BASE + "entries.jsonl", change))
    (finding,) = (finding for finding in report.failures if finding["code"] == "entry_changed")
    assert (finding["values"]["log"], finding["values"]["index"]) == (str(ENGAGEMENT), index)
    kind = ["file.received", "deliverable.prepared", "deliverable.reviewed", "deliverable.accepted", "period.closed", "period.sealed"][index]
    assert finding["values"]["kind"] == kind
    assert kind in finding["says"]


def test_an_entry_changed_with_its_leaf_fails_by_the_root(sealed_month: Installation) -> None:
    good = sealed_month.pack()
    lines = unpacked(good)[BASE + "entries.jsonl"].split(b"\n")
    forged = lines[3].replace(b"2026-02-01T09", b"2026-02-01T08")

    def exchange(data: bytes) -> bytes:
        return data.replace(lines[3], forged).replace(tree.leaf_hash(lines[3]).hex().encode(), tree.leaf_hash(forged).hex().encode())

    members = {name: exchange(data) for name, data in unpacked(good).items()}
    assert "root" in codes(verify.check(packed(list(members.items()))))


def _move_line(data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([lines[1], lines[0], *lines[2:]])


LIES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "leaf list": (BASE + "leaves.txt", lambda data: data[:-2] + (b"0" if data[-2:-1] != b"0" else b"1") + b"\n", "leaf_changed"),
    "order": (BASE + "entries.jsonl", _move_line, "entry_changed"),
    "last entry dropped": (BASE + "entries.jsonl", lambda data: b"\n".join(data.split(b"\n")[:-2]) + b"\n", "count"),
    "entry doubled": (BASE + "entries.jsonl", lambda data: data + data.split(b"\n")[-2] + b"\n", "entry_twice"),
    "no last newline": (BASE + "entries.jsonl", lambda data: data[:-1], "unreadable"),
    "all entries gone": (BASE + "entries.jsonl", lambda data: b"", "count"),
    "not json": (BASE + "entries.jsonl", lambda data: b"x" + data, "entry_form"),
    "deep": (BASE + "entries.jsonl", lambda data: b"[" * 60_000 + b"\n" + data, "entry_form"),
    "a line without end": (BASE + "entries.jsonl", lambda data: b"x" * 70_000 + b"\n" + data, "unreadable"),
    "emptied checkpoint": (BASE + "checkpoint", lambda data: b"", "unreadable"),
    "emptied roll-up": ("rollup/checkpoint", lambda data: b"", "unreadable"),
    "emptied proof": (BASE + "head.tlog-proof", lambda data: b"", "unreadable"),
    "emptied key": ("keys/log.vkey", lambda data: b"", "unreadable"),
    "emptied leaves": (BASE + "leaves.txt", lambda data: b"", "leaf_changed"),
    "checkpoint of another log": (BASE + "checkpoint", lambda data: data.replace(b"000003e9\n", b"000003ea\n"), "origin"),
    "size in the checkpoint": (BASE + "checkpoint", lambda data: data.replace(b"\n6\n", b"\n7\n"), "signature"),
    "signature dropped": (BASE + "checkpoint", lambda data: data[: data.index(b"\n\n") + 2], "unreadable"),
    "place in the roll-up": (BASE + "head.tlog-proof", lambda data: data.replace(b"index 1", b"index 0"), "rollup"),
    "opening": ("openings.jsonl", lambda data: data.replace(b"Maya", b"Anna"), "opening"),
    "opening of nothing": ("openings.jsonl", lambda data: data.replace(b'"index":1', b'"index":5'), "opening"),
    "manifest covers another": ("manifest.json", lambda data: data.replace(b'"reference":"2026-01"', b'"reference":"2026-02"'), "subject"),
    "manifest names another log": ("manifest.json", lambda data: data.replace(b"0000-0000000003ea", b"0000-0000000003eb"), "members"),
    "not a demonstration": ("manifest.json", lambda data: data.replace(b'"demonstration":true', b'"demonstration":false'), "unreadable"),
    "manifest not canonical": ("manifest.json", lambda data: data + b"\n", "unreadable"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_its_manifest_repeats_still_fails(pack: bytes, lie: str) -> None:
    member, change, code = LIES[lie]
    members = unpacked(pack)
    assert change(members[member]) != members[member], "the lie must change something"
    if member == "manifest.json":
        members[member] = change(members[member])
        data = packed(list(members.items()), relist=False)
    else:
        data = changed(pack, member, change)
    report = verify.check(data)
    assert report.status == 1
    assert code in codes(report)


@pytest.mark.parametrize("name", [name for name in unpacked(month(Installation()).pack(openings=[OPENING])) if name != "manifest.json"])
@pytest.mark.parametrize("relist", [True, False])
def test_a_dropped_member_fails(pack: bytes, name: str, relist: bool) -> None:
    members = [(other, data) for other, data in unpacked(pack).items() if other != name]
    assert verify.check(packed(members, relist)).status == 1


@pytest.mark.parametrize("name", ["note.txt", "files/" + "a" * 64, "../evil", "logs/x/entries.jsonl", "files/../x", "C:\\x", "README.txt"])
@pytest.mark.parametrize("relist", [True, False])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_added_or_doubled_member_fails(pack: bytes, name: str, relist: bool) -> None:
    members = [*unpacked(pack).items()]
    assert verify.check(packed([*members[:-1], (name, b"x"), members[-1]], relist)).status == 1


def test_members_in_another_order_fail(pack: bytes) -> None:
    members = list(unpacked(pack).items())
    assert "members" in codes(verify.check(packed([members[1], members[0], *members[2:]], relist=False)))


def test_a_changed_file_fails_by_its_hash(pack: bytes) -> None:
    name = next(name for name in unpacked(pack) if name.startswith("files/"))
    assert "member_changed" in codes(verify.check(changed(pack, name, lambda data: data + b"!")))


def test_another_key_fails_even_where_the_pack_brings_it(sealed_month: Installation) -> None:
    forged = replace(sealed_month.key(), public=WITNESS.public)
    assert "signature" in codes(verify.check(sealed_month.pack(), keys=[str(forged)]))
    assert "signature" in codes(verify.check(sealed_month.pack(key=forged)))


def test_a_rotated_key_is_followed_from_the_old_one() -> None:
    old = checkpoint.VerifierKey("demo.example", WITNESS.public)
    new = month(Installation()).key()
    text = f"remit key rotation v1\n{old}\n{new}\n".encode()
    both = tuple(checkpoint.Signature("demo.example", key.id, signer.sign(text)) for key, signer in ((old, WITNESS), (new, KEY)))
    good, half = (checkpoint.Note(text, signatures).to_bytes() for signatures in (both, both[1:]))
    assert verify.check(month(Installation()).pack(rotations=[good]), keys=[str(old)]).status == 0
    assert verify.check(month(Installation()).pack(rotations=[half]), keys=[str(old)]).status == 1


def test_a_rewritten_and_a_cut_log_fail_by_the_checkpoint_that_was_kept(sealed_month: Installation) -> None:
    held = checkpoint.sign_checkpoint(sealed_month.head(ENGAGEMENT), KEY)
    rewritten = month(Installation(), {"deliverable.accepted": {"door": "api"}}).pack()
    assert verify.check(rewritten).status == 0, "whoever holds the key can rewrite; only what was kept shows it"
    assert codes(verify.check(rewritten, held=[held])) == {"fork"}
    shorter = month(Installation())
    del shorter.logs[ENGAGEMENT][-1]
    assert codes(verify.check(shorter.pack(), held=[held])) == {"shorter"}


def test_the_roll_up_that_was_kept_is_compared(sealed_month: Installation) -> None:
    held = sealed_month.roll_up([CLIENT_OWN])
    old_size = len(sealed_month.rollup)
    assert codes(verify.check(sealed_month.pack(), held=[held])) == {"held"}, "without a proof it cannot be compared, and that is no pass"
    contents = sealed_month.contents()
    size = len(sealed_month.rollup)
    proof = tree.consistency_proof(old_size, size, tree.nodes_of(sealed_month.rollup))
    assert verify.check(packed_bytes(replace(contents, earlier={old_size: proof})), held=[held]).status == 0
    wrong = [bytes(32), *proof[1:]]
    assert codes(verify.check(packed_bytes(replace(contents, earlier={old_size: wrong})), held=[held])) == {"fork"}


@pytest.mark.parametrize("held", [b"", b"\n", b"demo.example\n", b"junk", bytes(70_000)])
def test_an_emptied_checkpoint_that_was_given_is_no_pass(pack: bytes, held: bytes) -> None:
    assert codes(verify.check(pack, held=[held])) == {"held"}


def test_a_checkpoint_of_another_log_or_by_another_key_is_no_pass(pack: bytes, sealed_month: Installation) -> None:
    other = replace(sealed_month.head(ENGAGEMENT), origin=f"demo.example/{UUID(int=5)}")
    assert codes(verify.check(pack, held=[checkpoint.sign_checkpoint(other, KEY)])) == {"held"}
    assert codes(verify.check(pack, held=[checkpoint.sign_checkpoint(sealed_month.head(ENGAGEMENT), WITNESS)])) == {"held"}


def test_a_witness_that_was_asked_for_and_is_not_there_is_no_pass(pack: bytes) -> None:
    witness = str(checkpoint.VerifierKey("auditor.example", WITNESS.public, checkpoint.COSIGNATURE_V1))
    assert codes(verify.check(pack, witnesses=[witness])) == {"witness"}


MANIFEST = evidence("manifest.json")
NOTHING = EntryReference(log=ENGAGEMENT, leaf="ab" * 32)
BROKEN_LAWS: dict[str, tuple[dict[str, dict[str, object]], str]] = {
    "reviewed by the preparer": ({"deliverable.reviewed": {"who": PREPARER}}, "same_person"),
    "reviewed on behalf of the preparer": ({"deliverable.reviewed": {"on_behalf_of": Actor(person=PREPARER)}}, "same_person"),
    "reviewed by the preparer's agent": ({"deliverable.reviewed": {"actor": Actor(agent=UUID(int=9), operator=PREPARER)}}, "agent_reviews"),
    "prepared by the reviewer's agent": ({"deliverable.prepared": {"actor": Actor(agent=UUID(int=9), operator=REVIEWER)}}, "same_person"),
    "reviewed by nobody": ({"deliverable.reviewed": {"actor": Actor(organization=UUID(int=1))}}, "nobody"),
    "reviewed other bytes": ({"deliverable.reviewed": {"files": evidence("statement.sta"), "manifest": evidence("statement.sta")[0].sha256}}, "other_bytes"),
    "reviewed no bytes": ({"deliverable.reviewed": {"manifest": ""}}, "other_bytes"),
    "accepts what is not there": ({"deliverable.accepted": {"cites": (NOTHING,)}}, "reference"),
    "replaces what is not there": ({"deliverable.accepted": {"supersedes": (NOTHING,)}}, "reference"),
    "sealed without closing": ({"period.closed": {"outcome": "refused"}}, "not_closed"),
    "sealed over nothing": ({"period.sealed": {"covers": ()}}, "seal"),
    "sealed over another root": ({"period.sealed": {"covers": (Coverage(log=ENGAGEMENT, size=5, root="ab" * 32),)}}, "seal"),
    "sealed over what comes later": ({"period.sealed": {"covers": (Coverage(log=ENGAGEMENT, size=6, root="ab" * 32),)}}, "seal"),
}


@pytest.mark.parametrize("law", BROKEN_LAWS)
def test_a_record_that_breaks_a_law_fails_though_it_is_signed(law: str) -> None:
    changes, code = BROKEN_LAWS[law]
    report = verify.check(month(Installation(), changes).pack())
    assert codes(report) == {code}
    assert report.failures[0]["values"]["log"] == str(ENGAGEMENT)


def test_a_refused_review_by_the_preparer_is_recorded_and_holds() -> None:
    report = verify.check(month(Installation(), {"deliverable.reviewed": {"who": PREPARER, "outcome": "refused"}}).pack())
    assert report.status == 0


def test_after_closing_nothing_may_follow_inside_until_it_is_reopened(sealed_month: Installation) -> None:
    sealed_month.record(ENGAGEMENT, "deliverable.prepared", within=PERIOD, outcome="refused")
    assert verify.check(sealed_month.pack()).status == 0
    sealed_month.record(ENGAGEMENT, "period.reopened", CLIENT, object=PERIOD)
    sealed_month.record(ENGAGEMENT, "deliverable.prepared", within=PERIOD)
    report = verify.check(sealed_month.pack())
    assert report.status == 0
    assert "not_sealed" in shown(report)
    sealed_month.record(ENGAGEMENT, "period.closed", CLIENT, object=PERIOD)
    sealed_month.record(ENGAGEMENT, "deliverable.prepared", within=PERIOD)
    assert codes(verify.check(sealed_month.pack())) == {"after_close"}


def test_references_into_other_logs_are_said_or_proven(sealed_month: Installation) -> None:
    outside = UUID(int=77)
    bid = sealed_month.record(outside, "bid.sealed")
    sealed_month.record(outside, "bid.changed")
    sealed_month.record(ENGAGEMENT, "bid.opened", cites=(bid,), object=ObjectReference(kind="bid", id=UUID(int=5), reference="BD-1"))
    inside = [CLIENT_OWN, ENGAGEMENT]
    assert "outside" in shown(verify.check(sealed_month.pack(inside)))
    leaves = sealed_month.leaves(outside)
    signed = checkpoint.sign_checkpoint(sealed_month.head(outside), KEY)
    proof = checkpoint.LoggedProof(0, tuple(tree.inclusion_proof(0, 2, tree.nodes_of(leaves))), signed)
    assert verify.check(sealed_month.pack(inside, cited={bid.leaf: proof})).status == 0
    assert codes(verify.check(sealed_month.pack(inside, cited={bid.leaf: replace(proof, index=1)}))) == {"cited"}


def test_what_stays_outside_is_said(sealed_month: Installation) -> None:
    sha256 = evidence("statement.sta")[0].sha256
    contents = sealed_month.contents()
    fewer = [file for file in contents.files if file.sha256 != sha256]
    assert codes(verify.check(packed_bytes(replace(contents, files=fewer)))) == {"file_missing"}
    report = verify.check(packed_bytes(replace(contents, files=fewer, left_out=[sha256])))
    assert report.status == 0
    assert {"left_out", "unopened"} <= shown(report)
    assert codes(verify.check(packed_bytes(replace(contents, left_out=["ab" * 32])))) == {"file_unnamed"}


def test_time_stamps_are_those_of_the_roll_up(sealed_month: Installation) -> None:
    contents = sealed_month.contents()
    imprint = verify.hashlib.sha256(checkpoint.parse_note(contents.logs[0].head.checkpoint).text).digest()
    assert "stamp" in shown(verify.check(packed_bytes(replace(contents, timestamps={"a.tsr": b"0" + imprint}))))
    assert codes(verify.check(packed_bytes(replace(contents, timestamps={"a.tsr": b"another"})))) == {"unreadable"}


def test_another_form_is_not_read_as_this_one(pack: bytes) -> None:
    members = unpacked(pack)
    members["manifest.json"] = members["manifest.json"].replace(b'"form":1', b'"form":2')
    report = verify.check(packed(list(members.items()), relist=False))
    assert report.status == 2
    assert report.unreadable.startswith("it is of form 2")


def test_an_entry_of_a_later_form_holds_as_bytes_and_is_said(sealed_month: Installation) -> None:
    entry = sealed_month.logs[CLIENT_OWN][0].replace(b"decision:v1", b"decision:v2")
    sealed_month.logs[CLIENT_OWN].append(entry)
    report = verify.check(sealed_month.pack())
    assert report.status == 0
    assert "unknown_form" in shown(report)


def test_the_pack_names_no_entry_of_a_log_that_it_does_not_cover(sealed_month: Installation) -> None:
    sealed_month.record(UUID(int=0xABCDEF), "payroll.run", object=ITEM)
    sealed_month.roll_up([UUID(int=0xABCDEF)])
    assert b"abcdef" not in sealed_month.pack([CLIENT_OWN, ENGAGEMENT])


VERIFIER = Path(verify.__file__)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As an auditor would: another process, no project on the path."""
    return subprocess.run([sys.executable, "-I", str(VERIFIER), *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_the_command_line_and_its_exit_status(pack: bytes, tmp_path: Path) -> None:
    good, bad, junk, empty = (tmp_path / name for name in ("good.zip", "bad.zip", "junk.zip", "empty"))
    good.write_bytes(pack)
    at = pack.index(b"All 12 lines")
    bad.write_bytes(pack[:at] + b"B" + pack[at + 1 :])
    junk.write_bytes(b"PK" * 100)
    empty.write_bytes(b"")
    assert (run(str(good)).returncode, run(str(bad)).returncode, run(str(junk)).returncode, run(str(tmp_path / "none")).returncode) == (0, 1, 2, 2)
    assert run(str(good), str(bad), str(junk)).returncode == 2
    assert "entry 1 (deliverable.prepared)" in run(str(bad)).stdout
    assert "junk.zip:1: pack: " in run(str(junk)).stderr
    said = json.loads(run(str(bad), "--json").stdout)
    assert (said["holds"], said["status"]) == (False, 1)
    assert run(str(good), "--checkpoint", str(empty)).returncode == 1
    assert run(str(good), "--checkpoint", str(tmp_path / "none")).returncode == 2
    assert run(str(good), "--key", "nonsense").returncode == 2
    assert "DEMONSTRATION" in run(str(good)).stdout


def test_the_enclosed_verifier_verifies(pack: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "pack.zip").write_bytes(pack)
    ended = subprocess.run([sys.executable, "-I", "verify.py", "pack.zip"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_ed25519_agrees_with_the_library() -> None:
    for number in range(40):
        message = bytes([number]) * number
        signature = KEY.sign(message)
        assert verify.ed25519_holds(KEY.public, signature, message)
        for wrong in (bytes([signature[0] ^ 1]) + signature[1:], signature[:63] + bytes([signature[63] ^ 0x10]), bytes(64), b""):
            assert verify.ed25519_holds(KEY.public, wrong, message) == keys.verify(KEY.public, wrong, message) is False
        assert not verify.ed25519_holds(WITNESS.public, signature, message)


def test_an_earlier_pack_stands_for_the_checkpoints_of_its_logs(sealed_month: Installation, pack: bytes, tmp_path: Path) -> None:
    old, grown, cut, forked, bare = (tmp_path / f"{name}.zip" for name in ("old", "grown", "cut", "forked", "bare"))
    old.write_bytes(pack)
    shorter, longer = month(Installation()), month(Installation())
    del shorter.logs[ENGAGEMENT][-1]
    longer.record(ENGAGEMENT, "pack.given")
    grown.write_bytes(longer.pack())
    cut.write_bytes(shorter.pack())
    forked.write_bytes(month(Installation(), {"deliverable.accepted": {"door": "api"}}).pack())
    bare.write_bytes(b"PK\3\4" + bytes(100))
    assert run(str(grown), "--checkpoint", str(old)).returncode == 0
    assert "it only grew since the checkpoint that you hold" in run(str(grown), "--checkpoint", str(old)).stdout
    for changed, says in ((cut, "its end is missing, or it is older"), (forked, "the log was rewritten")):
        assert run(str(changed)).returncode == 0, "alone it holds"
        done = run(str(changed), "--checkpoint", str(old))
        assert done.returncode == 1
        assert says in done.stdout
    assert run(str(old), "--checkpoint", str(bare)).returncode == 2
    assert "--checkpoint: " in run(str(old), "--checkpoint", str(bare)).stderr


def test_a_head_of_every_earlier_size_is_computed_again(sealed_month: Installation, pack: bytes) -> None:
    leaves = sealed_month.leaves(ENGAGEMENT)
    for size in range(len(leaves) + 1):
        head = replace(sealed_month.head(ENGAGEMENT), size=size, root=tree.root_of(leaves[:size]))
        assert verify.check(pack, held=[checkpoint.sign_checkpoint(head, KEY)]).status == 0, size
        wrong = replace(head, root=bytes(32))
        assert codes(verify.check(pack, held=[checkpoint.sign_checkpoint(wrong, KEY)])) == {"fork"}, size


def test_the_help_says_what_may_be_kept() -> None:
    said = run("--help").stdout
    for words in ("the checkpoint of a log", "an earlier pack", "the roll-up's checkpoint", "cannot be compared"):
        assert words in said
