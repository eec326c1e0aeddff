"""Contract, 5: a line has no clock, chance, files, web or other line."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from remit.lines import lines

BARRED = {
    *("time", "random", "secrets", "uuid", "os", "pathlib", "socket", "ssl", "urllib", "http", "requests", "httpx"),
    *("django", "psycopg", "subprocess", "tempfile", "shutil", "sqlite3", "locale"),
}
BARRED_CALLS = {"open", "now", "today", "utcnow", "input", "eval", "exec", "read_text", "read_bytes", "write_text", "write_bytes"}
ALLOWED_CALLS = {("paper", "open")}
"""`paper.open()` is how a slot gets at the bytes that it was given."""
FOLDERS = {code: Path(str(files("remit.lines") / code)) for code in lines()}
MODULES = [path for folder in FOLDERS.values() for path in folder.rglob("*.py") if "examples" not in path.parts and not path.name.startswith("test_")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_5_pure(path: Path) -> None:
    code = path.relative_to(str(files("remit.lines"))).parts[0]
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] not in BARRED, f"{path.name}:{node.lineno}"
            assert not name.startswith(("remit.apps", "remit.front")), f"{path.name}:{node.lineno}"
            if name.startswith("remit.lines."):
                assert name.split(".")[2] == code, f"{path.name}:{node.lineno} imports another line"
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = node.func.value.id if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) else ""
            assert called not in BARRED_CALLS or (owner, called) in ALLOWED_CALLS, f"{path.name}:{node.lineno} calls {called}"


def test_it_bites(tmp_path: Path) -> None:
    """The scan above sees what it is to see."""
    bad = ast.parse("from datetime import datetime\ndatetime.now()\n")
    calls = [node.func.attr for node in ast.walk(bad) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert set(calls) & BARRED_CALLS
