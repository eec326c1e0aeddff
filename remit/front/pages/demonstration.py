"""What the first page shows of the demonstration: how far its building is, and its log-ins. Builder and server meet in one small file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demonstration.json"


@dataclass(frozen=True)
class Login:
    """A made-up person who may be entered by one click; `role` is a marked sentence."""

    name: str
    email: str
    role: str
    organization: str = ""


@dataclass(frozen=True)
class Demonstration:
    """`says`: a marked sentence on what is being built; `share`: 0 to 100; the log-ins are shown as soon as they are there."""

    says: str
    share: int = 0
    done: bool = False
    logins: tuple[Login, ...] = ()


def tell(folder: Path, says: str, share: int, *, done: bool = False, logins: Iterable[Login] = ()) -> None:
    """For the builder: replaces what the first page shows, in one stroke."""
    state = Demonstration(says, share, done, tuple(logins))
    new = folder / f"{FILE}.new"
    new.write_text(json.dumps(asdict(state)), "utf-8")
    new.replace(folder / FILE)


def told(folder: Path) -> Demonstration | None:
    """What was told last, or None where nothing was."""
    try:
        state = json.loads((folder / FILE).read_text("utf-8"))
        return Demonstration(state["says"], state["share"], state["done"], tuple(Login(**login) for login in state["logins"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
