"""A whole installation in one sealed file, and back: database, files, keys, origin and the last checkpoint.

Inside the seal (`sealed.py`) is a tar stream: `manifest.json` first, then `database.dump` (pg_dump's custom format, by the owner), `origin`,
`checkpoints/last` where there is one, `files/` and `keys/`. The order of reading matters beside a running program: the last checkpoint before
the dump, which thus contains it; the files after the dump, for a file is written before the row that names it commits.
"""

import contextlib
import datetime
import io
import json
import os
import re
import secrets
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import IO

from remit.front.installation.keeper import Use, cluster
from remit.front.installation.layout import DEMO_ORIGIN, Installation, write_durably
from remit.front.installation.postgres import Urls, urls_from_environment
from remit.front.installation.sealed import SealedReader, SealedWriter, Unopenable
from remit.front.installation.service_user import binaries

FORM = 1
READ_FOLDERS = ("files", "keys")
KEPT_FOLDERS = (*READ_FOLDERS, "checkpoints")
KEPT_FILES = ("origin", "origins", "demonstration.json")
DRAFT = re.compile(r"\..*|[0-9a-f]{64}\.[0-9a-f]+")
"""Names of files that are being written: dotted ones, and a stored file's with an ending."""
MANIFEST_LIMIT_BYTES = 65_536


class BackupFailed(Exception):
    """The backup could not be made; no file is left."""


class RestoreFailed(Exception):
    """Nothing was restored; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    form: int
    remit: str
    origin: str
    made_at: str

    @property
    def is_demo(self) -> bool:
        return self.origin == DEMO_ORIGIN


@dataclass(frozen=True)
class Restored:
    """disagreement: how database and last checkpoint differ. is_compared is False where the backup holds no checkpoint yet."""

    installation: Installation
    manifest: Manifest
    is_compared: bool
    disagreement: str | None


def make(installation: Installation, target: Path, passphrase: str) -> Manifest:
    """Runs beside the program. The file appears under its name only when it is whole. Raises BackupFailed."""
    if not (installation.data / "origin").exists():
        raise BackupFailed(f"there is no installation in {installation.data}")
    installation.prepare()
    manifest = Manifest(FORM, program_version(), installation.origin, datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    dump = installation.data / f".dump-{secrets.token_hex(4)}"
    last = installation.checkpoints / "last"
    try:
        checkpoint = last.read_bytes() if last.exists() else None
        with cluster(installation.data) as urls:
            _run_client("pg_dump", ["--format=custom", "--no-password", f"--file={dump}"], urls.owner, BackupFailed, new_file=dump)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with SealedWriter(file, passphrase) as sealed, tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                _add_bytes(tar, "manifest.json", json.dumps(manifest.__dict__).encode())
                _add(tar, dump, "database.dump")
                if checkpoint is not None:
                    _add_bytes(tar, "checkpoints/last", checkpoint)
                for name in (*KEPT_FILES, *READ_FOLDERS):
                    _add(tar, installation.data / name, name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as failure:
        raise BackupFailed(f"{target}: {failure.strerror or failure}") from failure
    finally:
        dump.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return manifest


def restore(source: Path, passphrase: str, data: Path, checkpoint: Path | None = None) -> Restored:
    """Into a folder that does not exist or is empty. All of it is read and authenticated before anything is made of it.

    checkpoint: a later one than the backup's own, kept elsewhere. Raises Unopenable for what is no sound backup, RestoreFailed for the rest.
    """
    if data.exists() and any(data.iterdir()):
        raise RestoreFailed(f"{data} is not empty: a backup is restored into a new folder; name one with --data")
    draft = data.with_name(f"{data.name}-{secrets.token_hex(2)}")
    try:
        with source.open("rb") as file:
            manifest = _unpack(file, passphrase, draft)
        installation = Installation(draft, manifest.is_demo).prepare()
        dump = draft / "database.dump"
        with _cluster_then_stopped(draft) as urls:
            if urls_from_environment() and _has_tables(urls.owner):
                raise RestoreFailed("the database that DATABASE_URL names is not empty")
            how = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-password"]
            _run_client("pg_restore", [*how, "--dbname=", str(dump)], urls.owner, RestoreFailed)
            dump.unlink()
            last = checkpoint or installation.checkpoints / "last"
            is_compared = last.exists()
            disagreement = compare(urls, last, installation.origin) if is_compared else None
            if checkpoint and disagreement and origin_of(checkpoint) == installation.origin:
                # Under it the sequencer refuses to sign a second history.
                write_durably(installation.checkpoints / "last", checkpoint.read_bytes())
        if data.exists():
            data.rmdir()
        draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Restored(Installation(data, manifest.is_demo), manifest, is_compared, disagreement)


def _unpack(file: IO[bytes], passphrase: str, folder: Path) -> Manifest:
    """The whole stream, to its authenticated end."""
    sealed = SealedReader(file, passphrase)
    stream = io.BufferedReader(sealed, 2**20)
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            members = iter(tar)
            manifest = _read_manifest(tar, next(members, None))
            Installation(folder, manifest.is_demo).prepare()
            for name in ("origin", *(f"keys/{key}" for key in os.listdir(folder / "keys"))):
                (folder / name).unlink()
            for member in members:
                _extract(tar, member, folder)
        while stream.read(2**20):
            pass
    except tarfile.TarError as failure:
        raise Unopenable(f"what the seal holds is no archive of a backup: {failure}") from failure
    for needed in ("origin", "database.dump", *KEPT_FOLDERS):
        if not (folder / needed).exists():
            raise Unopenable(f"the backup lacks {needed}")
    return manifest


def _read_manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    content = tar.extractfile(member) if member and member.name == "manifest.json" and member.size <= MANIFEST_LIMIT_BYTES else None
    if content is None:
        raise Unopenable("the backup does not begin with its manifest")
    try:
        manifest = Manifest(**json.load(content))
    except (ValueError, TypeError) as failure:
        raise Unopenable(f"the backup's manifest cannot be read: {failure}") from failure
    if manifest.form != FORM:
        raise Unopenable(f"the backup has form {manifest.form}; this version of remit reads form {FORM}")
    return manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Only what a backup holds, and nowhere else: whoever knows the passphrase may still not write outside the folder."""
    path = PurePosixPath(member.name)
    is_ours = member.name in ("database.dump", *KEPT_FILES) or path.parts[0] in KEPT_FOLDERS
    if not is_ours or path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        raise Unopenable(f"the backup holds {member.name!r}, which is not part of an installation")
    target = folder / path
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    content = tar.extractfile(member)
    assert content is not None
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, 2**20)
        out.flush()
        os.fsync(out.fileno())


def origin_of(checkpoint: Path) -> str:
    """The origin that a checkpoint's file names; empty where it is none."""
    lines = checkpoint.read_bytes().split(b"\n")
    return lines[0].decode(errors="replace") if len(lines) > 3 and lines[1].isdigit() else ""


def compare(urls: Urls, last: Path, origin: str) -> str | None:
    """How the record and the checkpoint differ, if they do, by the sequencer's own comparison: what it would refuse to sign on."""
    import psycopg

    from remit.apps.records.sequencer import Forked, refuse_a_fork

    named = origin_of(last)
    if not named:
        return f"{last.name} is not a checkpoint"
    if named != origin:
        return f"{last.name} is a checkpoint of {named}, not of this installation, which is {origin}"
    try:
        with psycopg.connect(urls.sequencer) as connection:
            refuse_a_fork(connection, last)
    except Forked as fork:
        return str(fork)
    except psycopg.errors.UndefinedTable:
        return "the database holds no record"
    return None


@contextlib.contextmanager
def _cluster_then_stopped(data: Path) -> Iterator[Urls]:
    """The folder is about to be renamed, so this waits until its keeper has gone."""
    with cluster(data) as urls:
        yield urls
    use = Use(data)
    while use.has_keeper():
        time.sleep(0.1)


def _run_client(program: str, arguments: list[str], url: str, failing: type[Exception], new_file: Path | None = None) -> None:
    """A client program of PostgreSQL. The connection goes by environment, for a command line shows its password to the whole machine."""
    from psycopg.conninfo import conninfo_to_dict

    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    known = conninfo_to_dict(url)
    environment = {**os.environ, **{names[key]: str(value) for key, value in known.items() if key in names and value}}
    arguments = [f"--dbname={known.get('dbname', '')}" if argument == "--dbname=" else argument for argument in arguments]
    if new_file:
        os.close(os.open(new_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    done = subprocess.run([str(binaries(None) / program), *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise failing(f"{program} failed: {done.stderr.strip()}")


def _has_tables(url: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone() is not None


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """A file, or a folder with all in it, without the users of this machine.

    Drafts of files that are just being written stay out: they get their name, or vanish, while this looks at them.
    """
    if path.is_symlink() or not path.exists():
        return
    if path.is_dir():
        for entry in sorted(os.listdir(path)):
            if not DRAFT.fullmatch(entry):
                _add(tar, path / entry, f"{name}/{entry}")
        return
    with path.open("rb") as content:
        member = tar.gettarinfo(arcname=name, fileobj=content)
        if not member.isfile():
            return
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        tar.addfile(member, content)


def program_version() -> str:
    try:
        return version("remit")
    except PackageNotFoundError:
        return "unknown"
