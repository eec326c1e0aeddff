"""A stream under a passphrase: what the file of a backup is.

The form, version 1: a header, then chunks. The header is the magic `REMIT-BACKUP-1` and a line feed, one byte log2(n), one byte r, one byte p,
16 bytes of salt. The key is scrypt(passphrase in UTF-8, salt, n, r, p), 32 bytes. Each chunk is 1 MiB of plaintext under ChaCha20-Poly1305
(RFC 8439), 16 bytes longer when sealed; the last holds what is left, from none to 1 MiB. The nonce is the chunk's number in 11 bytes, big-endian,
and one byte that is 1 for the last chunk and 0 before (STREAM; Hoang, Reyhanitabar, Rogaway, Vizár 2015); the header is the associated data.
So no chunk can be changed, moved, dropped or cut off unseen; and as the salt is new for each file, no nonce meets its key twice.
"""

import io
import os
from typing import IO

MAGIC = b"REMIT-BACKUP-1\n"
SALT_BYTES = 16
HEADER_BYTES = len(MAGIC) + 3 + SALT_BYTES
CHUNK_BYTES = 2**20
TAG_BYTES = 16
LOG_N, BLOCK_R, PARALLEL_P = 17, 8, 1
"""128 MiB and about half a second for each guess."""
MOST_LOG_N = 20
"""A file that asks for more memory than that (1 GiB) is not one of ours."""


class Unopenable(Exception):
    """Not a backup, another passphrase, changed or cut off; the message says which, as far as can be told."""


class SealedWriter(io.RawIOBase):
    """Seals what is written to it; closing it writes the last chunk and leaves the file below open."""

    def __init__(self, below: IO[bytes], passphrase: str, log_n: int = LOG_N) -> None:
        super().__init__()
        self._below = below
        self._header = MAGIC + bytes([log_n, BLOCK_R, PARALLEL_P]) + os.urandom(SALT_BYTES)
        self._cipher = _Cipher(self._header, passphrase)
        self._waiting = bytearray()
        below.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:  # type: ignore[no-untyped-def]
        self._waiting += data
        # One chunk's worth may be the last, so it is kept until more comes.
        while len(self._waiting) > CHUNK_BYTES:
            self._below.write(self._cipher.seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False))
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._below.write(self._cipher.seal(bytes(self._waiting), is_last=True))
            self._waiting.clear()
        super().close()


class SealedReader(io.RawIOBase):
    """Gives the plaintext, each chunk only once it is authenticated. Reading to the end proves that nothing is missing. Raises Unopenable."""

    def __init__(self, below: IO[bytes], passphrase: str) -> None:
        super().__init__()
        self._below = below
        header = below.read(HEADER_BYTES)
        if not header.startswith(MAGIC):
            raise Unopenable("this is not a backup made by remit")
        if len(header) < HEADER_BYTES:
            raise Unopenable("the file is cut off in its header")
        log_n, r, p = header[len(MAGIC) : len(MAGIC) + 3]
        if not (10 <= log_n <= MOST_LOG_N and r == BLOCK_R and p == PARALLEL_P):
            raise Unopenable("the header asks for parameters that no backup of remit has")
        self._cipher = _Cipher(header, passphrase)
        self._next = below.read(CHUNK_BYTES + TAG_BYTES)
        self._ready = b""
        self._is_first = True
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        while not self._ready and not self._is_over:
            self._advance()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _advance(self) -> None:
        sealed = self._next
        self._next = self._below.read(CHUNK_BYTES + TAG_BYTES)
        is_last = not self._next
        opened = self._cipher.open(sealed, is_last)
        if opened is None:
            if self._is_first and not is_last:
                raise Unopenable("the passphrase is another one, or the file was changed near its beginning")
            if is_last and self._cipher.open(sealed, False) is not None:
                raise Unopenable("the file is cut off: its end is missing")
            if self._is_first:
                raise Unopenable("the passphrase is another one, or the file was changed or cut off")
            raise Unopenable("the file was changed or cut off")
        self._is_first = False
        self._cipher.number += 1
        self._ready = opened
        self._is_over = is_last


class _Cipher:
    def __init__(self, header: bytes, passphrase: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        log_n, r, p = header[len(MAGIC) : len(MAGIC) + 3]
        salt = header[-SALT_BYTES:]
        self._header = header
        self._aead = ChaCha20Poly1305(Scrypt(salt=salt, length=32, n=2**log_n, r=r, p=p).derive(passphrase.encode()))
        self.number = 0

    def seal(self, chunk: bytes, is_last: bool) -> bytes:
        sealed = self._aead.encrypt(self._nonce(is_last), chunk, self._header)
        self.number += 1
        return sealed

    def open(self, sealed: bytes, is_last: bool) -> bytes | None:
        """The number is not moved on, so that another reading of the same chunk may be tried."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._aead.decrypt(self._nonce(is_last), sealed, self._header)
        except InvalidTag:
            return None

    def _nonce(self, is_last: bool) -> bytes:
        return self.number.to_bytes(11, "big") + bytes([is_last])
