"""Files outside the database: encrypted each under its own key, addressed by content within one audience, on disk before the row commits."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from remit.apps.records.models import AudienceKey, File

MOST_BYTES = 50 * 2**20
NONCE = 12

_SIGNS = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"<?xml", "application/xml"),
    (b"\xef\xbb\xbf<?xml", "application/xml"),
)
_ZIPPED = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def media_type(name: str, content: bytes) -> str:
    """What the bytes are, by their first bytes; the name decides only between kinds that share them."""
    found = next((kind for sign, kind in _SIGNS if content.startswith(sign)), "")
    suffix = Path(name).suffix.lower()
    if found == "application/zip":
        return _ZIPPED.get(suffix, found)
    if found:
        return found
    if b"\0" in content[:4096]:
        return "application/octet-stream"
    return {".csv": "text/csv", ".json": "application/json"}.get(suffix, "text/plain")


def put(audience: UUID, name: str, content: bytes, at: datetime) -> File:
    """Store bytes for an audience; the same bytes again give the file that is there. Call inside the action's transaction."""
    sha256 = hashlib.sha256(content).hexdigest()
    stored = File.objects.filter(audience=audience, sha256=sha256).first()
    if stored:
        return stored
    key = AESGCM.generate_key(256)
    _write(_path(audience, sha256), sealed(key, content, sha256.encode()))
    wrapped = sealed(_audience_key(audience), key, sha256.encode())
    return File.objects.create(audience_id=audience, sha256=sha256, size=len(content), media_type=media_type(name, content), wrapped_key=wrapped, stored_at=at)


def read(file: File) -> bytes:
    """The bytes, decrypted; tampering on disk raises InvalidTag, a destroyed key AudienceKey.DoesNotExist."""
    context = file.sha256.encode()
    key = opened(_audience_key(file.audience_id), bytes(file.wrapped_key), context)
    return opened(key, _path(file.audience_id, file.sha256).read_bytes(), context)


def _audience_key(audience: UUID) -> bytes:
    context = audience.bytes
    stored = AudienceKey.objects.filter(audience=audience).first()
    if stored is None:
        key = AESGCM.generate_key(256)
        AudienceKey.objects.create(audience_id=audience, wrapped=sealed(master_key(), key, context))
        return key
    return opened(master_key(), bytes(stored.wrapped), context)


def master_key() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY_FILE.read_text())


def _path(audience: UUID, sha256: str) -> Path:
    return Path(settings.REMIT_DATA) / "files" / str(audience) / sha256


def sealed(key: bytes, content: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, context)


def opened(key: bytes, sealed: bytes, context: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context)


def _write(path: Path, content: bytes) -> None:
    """So that it survives a power cut before the row that names it commits."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    with draft.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
