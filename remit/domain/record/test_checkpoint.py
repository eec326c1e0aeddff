"""Notes, checkpoints, cosignatures and proofs against published examples, and what must be refused."""

from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.record import checkpoint as c
from remit.domain.record.tree import leaf_hash, root_of

LOG = UUID(int=7)


def signer(secret: bytes) -> c.Signer:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    return c.Signer(key.public_key().public_bytes_raw(), key.sign)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


SIGNER = signer(bytes(range(32)))
WITNESS = signer(bytes(range(1, 33)))
KEY = c.VerifierKey("demo.example", SIGNER.public)
HEAD = c.Head(c.log_origin("demo.example", LOG), 1, root_of([leaf_hash(b"x")]))

# The example of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PROBLEM = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()


def test_a_note_signed_elsewhere_holds() -> None:
    key, note = c.VerifierKey.parse(NEUMANN), c.parse_note(PROBLEM)
    assert str(key) == NEUMANN
    assert note.to_bytes() == PROBLEM
    (found,) = note.by(key)
    assert verify(key.public, found.value, note.text)
    assert not verify(key.public, found.value, note.text + b"!")


def test_a_checkpoint_opens_with_the_key_of_its_log_and_of_its_installation() -> None:
    data = c.sign_checkpoint(HEAD, SIGNER)
    assert data.startswith(b"demo.example/00000000-0000-0000-0000-000000000007\n1\n")
    assert c.open_checkpoint(data, KEY, verify) == HEAD
    assert c.open_checkpoint(data, KEY.under(HEAD.origin), verify) == HEAD


def test_another_key_another_origin_and_a_changed_text_are_refused() -> None:
    data = c.sign_checkpoint(HEAD, SIGNER)
    with pytest.raises(c.NotSigned):
        c.open_checkpoint(data, replace(KEY, public=WITNESS.public), verify)
    with pytest.raises(c.NotSigned, match="does not speak for"):
        c.open_checkpoint(data, replace(KEY, name="demo.exampl"), verify)
    with pytest.raises(c.NotSigned):
        c.open_checkpoint(data.replace(b"\n1\n", b"\n2\n"), KEY, verify)


def test_witnesses_add_their_lines_and_say_when() -> None:
    data = c.cosign(c.sign_checkpoint(HEAD, SIGNER), "auditor.example", WITNESS, 1_769_850_000)
    key = c.VerifierKey.parse(str(c.VerifierKey("auditor.example", WITNESS.public, c.COSIGNATURE_V1)))
    assert c.cosigned_at_s(data, key, verify) == 1_769_850_000
    assert c.open_checkpoint(data, KEY, verify) == HEAD
    with pytest.raises(c.NotSigned):
        c.cosigned_at_s(c.sign_checkpoint(HEAD, SIGNER), key, verify)
    other = c.Head(HEAD.origin, 2, HEAD.root)
    stolen = c.Note(other.to_bytes(), c.parse_note(data).signatures).to_bytes()
    with pytest.raises(c.NotSigned):
        c.cosigned_at_s(stolen, key, verify)


@given(st.integers(0, 2**40), st.lists(st.binary(min_size=32, max_size=32), max_size=40).map(tuple))
def test_a_proof_survives_its_bytes(index: int, path: tuple[bytes, ...]) -> None:
    proof = c.LoggedProof(index, path, c.sign_checkpoint(HEAD, SIGNER))
    assert c.LoggedProof.parse(proof.to_bytes()) == proof


@given(st.integers(0, 400), st.integers(0, 7))
def test_no_changed_bit_of_a_checkpoint_opens_as_it(at: int, bit: int) -> None:
    good = c.sign_checkpoint(HEAD, SIGNER)
    at %= len(good)
    changed = good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]
    with pytest.raises((c.NotANote, c.NotSigned)):
        c.open_checkpoint(changed, KEY, verify)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_junk_is_no_note(data: bytes) -> None:
    for read in (c.parse_note, c.Head.parse, c.LoggedProof.parse):
        try:
            read(data)
        except c.NotANote:
            continue
    with pytest.raises(c.NotANote):
        c.VerifierKey.parse(data.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "text", ["a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "a\n1\n" + "A" * 43 + "=\nmore\n", "A b\n1\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "="]
)
def test_what_is_no_head(text: str) -> None:
    with pytest.raises(c.NotANote):
        c.Head.parse(text.encode())


@pytest.mark.parametrize(
    ("origin", "demo"),
    [("demo", True), ("demo/7k3f", True), ("demo.example", True), ("demo-7k", True), ("democorp.example", False), ("rila.example/demo", False)],
)
def test_the_demonstration_is_seen_by_its_origin(origin: str, demo: bool) -> None:
    assert c.is_demonstration(c.checked_origin(origin)) is demo


@pytest.mark.parametrize("origin", ["", "Demo", "a b", "a+b", "/a", "a/", "a//b", "é"])
def test_what_is_no_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        c.log_origin(origin, LOG)
