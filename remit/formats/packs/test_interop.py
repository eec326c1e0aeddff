"""Programs by others accept what a pack holds: each test is skipped where its program is not installed."""

import shutil
import subprocess
import zipfile
from base64 import b64encode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from remit.domain.record import checkpoint, tiles, tree
from remit.formats.packs import verify
from remit.formats.packs.conftest import ENGAGEMENT, KEY, WITNESS, Installation, month, packed_bytes

INSTALLATION = month(Installation())
PACK = INSTALLATION.pack(cosigned=True)
MEMBERS = {info.filename: zipfile.ZipFile(BytesIO(PACK)).read(info) for info in zipfile.ZipFile(BytesIO(PACK)).infolist()}
ROLLUP, HEAD = MEMBERS["rollup/checkpoint"], MEMBERS[f"logs/{ENGAGEMENT}/checkpoint"]
WITNESS_KEY = str(checkpoint.VerifierKey("auditor.example", WITNESS.public, checkpoint.COSIGNATURE_V1))

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def test_aics_tlog_accepts_checkpoints_and_cosignatures() -> None:
    aics = pytest.importorskip("aics_tlog", reason="aics-tlog is not installed")
    key, witness = aics.parse_vkey(str(INSTALLATION.key())), aics.parse_vkey(WITNESS_KEY)
    result = aics.verify_checkpoint(aics.parse_note(ROLLUP), key, [witness], 1, expected_origin="demo.example")
    assert result.ok, result.error
    assert result.witnesses == ["auditor.example"]
    own = aics.parse_vkey(str(INSTALLATION.key().under(f"demo.example/{ENGAGEMENT}")))
    assert aics.verify_checkpoint(aics.parse_note(HEAD), own).ok
    assert not aics.verify_checkpoint(aics.parse_note(HEAD.replace(b"\n6\n", b"\n7\n")), own).ok


def test_aics_tlog_reads_our_tiles_and_makes_our_proofs() -> None:
    aics = pytest.importorskip("aics_tlog", reason="aics-tlog is not installed")
    entries = [b"entry %d" % number for number in range(70_000 // 16)]
    leaves, size, stored = [tree.leaf_hash(entry) for entry in entries], len(entries), {}
    for tile in tiles.tiles_of(size):
        stored[tile] = tiles.tile_bytes(tile, lambda start, end: leaves[start:end], stored.__getitem__)
    served = {tile.path: data for tile, data in stored.items()}
    served |= {tile.entries_path: tiles.bundle(entries[tile.index * 256 : tile.index * 256 + tile.width]) for tile in stored if tile.level == 0}
    reader, node = aics.MemoryTileReader(served), tree.nodes_of(leaves)
    assert aics.tree_root_from_tiles(reader, size) == tree.root_of(leaves)
    assert aics.read_entry(reader, 4_000, size) == b"entry 4000"
    for index in (0, 255, 256, 4_000, size - 1):
        assert aics.inclusion_proof_from_tiles(reader, index, size) == tree.inclusion_proof(index, size, node)
        assert aics.consistency_proof_from_tiles(reader, index, size) == tree.consistency_proof(index, size, node)


def test_proofbundle_accepts_the_place_of_a_head_in_the_roll_up() -> None:
    tlogproof = pytest.importorskip("proofbundle.tlogproof", reason="proofbundle is not installed")
    proof = MEMBERS[f"logs/{ENGAGEMENT}/head.tlog-proof"].decode()
    text = checkpoint.parse_note(HEAD).text
    result = tlogproof.verify_tlog_proof(proof, text, str(INSTALLATION.key()), [WITNESS_KEY], threshold=1, expected_origin="demo.example")
    assert result["ok"], result
    assert not tlogproof.verify_tlog_proof(proof, text + b"!", str(INSTALLATION.key()))["ok"]


def test_pymerkle_computes_the_root() -> None:
    pymerkle = pytest.importorskip("pymerkle", reason="pymerkle is not installed")
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in INSTALLATION.logs[ENGAGEMENT]:
        other.append_entry(entry)
    assert other.get_root() == INSTALLATION.head(ENGAGEMENT).root


def test_in_toto_accepts_each_statement() -> None:
    pytest.importorskip("in_toto_attestation", reason="in-toto-attestation is not installed")
    import in_toto_attestation.v1.statement_pb2 as pb
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import Statement

    for entry in INSTALLATION.logs[ENGAGEMENT]:
        statement = Statement.copy_from_pb(json_format.Parse(entry, pb.Statement()))
        statement.validate()
        assert statement.pb.predicate_type == "urn:remit:decision:v1"


@needs_openssl
def test_openssl_accepts_the_signature(tmp_path: Path) -> None:
    key, text, signature = (tmp_path / name for name in ("key.pem", "text", "signature"))
    der = bytes.fromhex("302a300506032b6570032100") + KEY.public
    key.write_text(f"-----BEGIN PUBLIC KEY-----\n{b64encode(der).decode()}\n-----END PUBLIC KEY-----\n")
    note = checkpoint.parse_note(HEAD)
    text.write_bytes(note.text)
    signature.write_bytes(note.signatures[0].value)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin", "-in", str(text), "-sigfile", str(signature)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    text.write_bytes(note.text + b"!")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@needs_openssl
def test_a_time_stamp_by_openssl_is_that_of_the_roll_up(tmp_path: Path) -> None:
    (tmp_path / "authority.cnf").write_text(
        "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=Test authority\n[ext]\nextendedKeyUsage=critical,timeStamping\n"
        "[tsa]\ndefault_tsa=here\n[here]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n"
    )
    (tmp_path / "serial").write_text("01\n")
    installation = month(Installation())
    contents = installation.contents()
    (tmp_path / "text").write_bytes(checkpoint.parse_note(contents.logs[0].head.checkpoint).text)

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=True)

    certificate = "-x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -config authority.cnf -extensions ext"
    openssl("req", *certificate.split())
    openssl("ts", "-query", "-data", "text", "-sha256", "-cert", "-out", "query")
    openssl("ts", "-reply", "-queryfile", "query", "-config", "authority.cnf", "-section", "here", "-signer", "cert", "-inkey", "key", "-out", "answer.tsr")
    openssl("ts", "-verify", "-data", "text", "-in", "answer.tsr", "-CAfile", "cert")
    stamped = packed_bytes(replace(contents, timestamps={"test.tsr": (tmp_path / "answer.tsr").read_bytes()}))
    report = verify.check(stamped)
    assert report.status == 0
    assert "stamp" in {finding["code"] for finding in report.not_shown}


def test_a_stock_zip_program_reads_a_pack() -> None:
    with zipfile.ZipFile(BytesIO(PACK)) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
