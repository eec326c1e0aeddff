"""Who stands between a client and its server: one that ends TLS before a server that knows none, and one that would rather read along."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

Change = Callable[[bytes], bytes]


class Between(ThreadingTCPServer):
    """Takes connections on a port of the loopback and passes them on to another; `heard` is all that clients sent."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, behind: int, certificate: Path | None = None, change: Change = bytes) -> None:
        super().__init__(("127.0.0.1", port), Passing)
        self.behind, self.change, self.heard = behind, change, bytearray()
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(certificate)

    @property
    def port(self) -> int:
        port: int = self.server_address[1]
        return port

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no trouble of ours."""


class Passing(BaseRequestHandler):
    """One connection, passed on until either side ends it."""

    server: Between

    def handle(self) -> None:
        client = self.server.context.wrap_socket(self.request, server_side=True) if self.server.context else self.request
        with client, socket.create_connection(("127.0.0.1", self.server.behind), 10) as behind:
            back = threading.Thread(target=pump, args=(behind, client, self.server.change))
            back.start()
            pump(client, behind, self._noted)
            back.join(10)

    def _noted(self, sent: bytes) -> bytes:
        self.server.heard += sent
        return sent


def pump(source: socket.socket, target: socket.socket, change: Change) -> None:
    """Until the source says no more, which the target is told."""
    try:
        while data := source.recv(65536):
            target.sendall(change(data))
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # Whoever is gone is gone for both.
        for side in (source, target):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@contextmanager
def between(behind: int, port: int = 0, certificate: Path | None = None, change: Change = bytes) -> Iterator[Between]:
    """Until it is left. `change`: what becomes of what the server says."""
    with Between(port, behind, certificate, change) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
