"""Ed25519 keys as files, and signing and verifying by the `cryptography` library."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from remit.domain.record.checkpoint import Signer


class NotAKey(ValueError):
    """A file that holds no Ed25519 private key."""


def signer(key: Ed25519PrivateKey) -> Signer:
    """The key as the domain signs with it."""
    return Signer(key.public_key().public_bytes_raw(), key.sign)


def new_key() -> bytes:
    """A new private key in PEM (PKCS #8, unencrypted): the file that holds it is readable by its owner only."""
    return Ed25519PrivateKey.generate().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def load_signer(pem: bytes) -> Signer:
    """The signer of a PEM private key; raises NotAKey."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as fault:
        raise NotAKey("not a private key in PEM") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise NotAKey("not an Ed25519 key")
    return signer(key)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
