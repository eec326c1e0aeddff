"""An installation's folder: where its database, files, keys and logs lie, and what is made in it once."""

import contextlib
import hashlib
import os
import pwd
import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import remit
from remit.front.installation.locks import locked
from remit.front.installation.service_user import SYSTEM_FOLDER, can_reach, service_user

DEMO_ORIGIN = "demo"
ORIGIN_RANDOM_BYTES = 10
"""80 bits, sixteen base32 characters: two installations will not meet."""


class InstallationUnusable(Exception):
    """The folder belongs to another user or is another kind of installation; the message says what to do."""


@dataclass(frozen=True)
class Installation:
    """Two kinds never share a folder: the demonstration and the real one."""

    data: Path
    is_demo: bool

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def checkpoints(self) -> Path:
        """Holds `last`, the newest signed checkpoint, outside the database: a restored database is compared with it."""
        return self.data / "checkpoints"

    @property
    def sequencer_key(self) -> Path:
        """Ed25519, PEM. The sequencer's process alone reads it."""
        return self.keys / "sequencer.pem"

    @property
    def master_key(self) -> Path:
        """Wraps the keys of stored files: 32 random bytes as 64 hexadecimal digits."""
        return self.keys / "master.key"

    @property
    def secret_key(self) -> Path:
        """Django's SECRET_KEY, as text."""
        return self.keys / "secret.key"

    @property
    def origin(self) -> str:
        """The name by which this installation's logs are known in the world; written once."""
        return (self.data / "origin").read_text(encoding="utf-8").strip()

    def environment(self) -> dict[str, str]:
        """What the program's processes are told; the settings read it."""
        return {
            "REMIT_DATA": str(self.data),
            "REMIT_DEMO": "1" if self.is_demo else "0",
            "REMIT_ORIGIN": self.origin,
            "REMIT_SECRET_KEY_FILE": str(self.secret_key),
            "REMIT_MASTER_KEY_FILE": str(self.master_key),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "remit.front.settings"),
        }

    def prepare(self) -> "Installation":
        """Makes what is missing and refuses a folder that is not ours to use. Several processes may do so at once."""
        _make_traversable(self.data)
        owner = self.data.stat().st_uid
        if owner != os.geteuid():
            raise InstallationUnusable(
                f"{self.data} belongs to the user {_name(owner)}: a folder made by one user is closed to others. "
                f"Run remit as {_name(owner)}, or choose another folder with --data"
            )
        user = service_user(self.data)
        if not can_reach(user, self.data):
            name = user.name if user else _name(os.geteuid())
            raise InstallationUnusable(f"PostgreSQL runs as {name}, who may not enter {self.data}: choose another folder with --data")
        with locked(self.data / "prepare.lock"):
            for folder in (self.files, self.keys, self.logs, self.checkpoints):
                folder.mkdir(mode=0o700, exist_ok=True)
            _write_once(self.data / "origin", lambda: (DEMO_ORIGIN if self.is_demo else new_origin()).encode() + b"\n")
            if (self.origin == DEMO_ORIGIN) != self.is_demo:
                kind, option = ("the demonstration", "with --demo") if self.origin == DEMO_ORIGIN else ("a real installation", "without --demo")
                raise InstallationUnusable(f"{self.data} holds {kind}: open it {option}, or choose another folder with --data")
            _write_once(self.secret_key, lambda: secrets.token_urlsafe(64).encode() + b"\n")
            _write_once(self.master_key, lambda: secrets.token_hex(32).encode() + b"\n")
            _write_once(self.sequencer_key, new_signing_key)
        return self


def installation(data: Path | None, is_demo: bool) -> Installation:
    """By --data, by REMIT_DATA, or in the default folder of its kind."""
    chosen = data or (Path(os.environ["REMIT_DATA"]) if os.environ.get("REMIT_DATA") else None)
    return Installation((chosen or default_folder(is_demo)).absolute(), is_demo)


def default_folder(is_demo: bool) -> Path:
    """`data/` of the checkout. As root, where PostgreSQL's user cannot get there, and for an installed package: a folder of the system or of the user."""
    name = "demo" if is_demo else "main"
    project = Path(remit.__file__).resolve().parents[1]
    user = service_user(project / "data" / name)
    if (project / "pyproject.toml").exists() and can_reach(user, project) and os.access(project, os.W_OK):
        return project / "data" / name
    base = SYSTEM_FOLDER if os.geteuid() == 0 else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "remit"
    return base / hashlib.sha256(os.fsencode(project)).hexdigest()[:12] / name


def new_origin() -> str:
    return "remit/" + b32encode(secrets.token_bytes(ORIGIN_RANDOM_BYTES)).decode().lower()


def new_signing_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_durably(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, whatever happens in between."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_once(path: Path, content: Callable[[], bytes]) -> None:
    if not path.exists():
        write_durably(path, content())


def _make_traversable(folder: Path) -> None:
    """As root every folder that we make lets the service user pass; what matters in it is closed by its own mode."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(mode)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
