"""The house: who rests on whom, what every module and model says of itself, and what is not loaded before it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

import remit
from remit.apps.organizations.acting import ACTIONS
from remit.apps.organizations.actions import Role
from remit.apps.organizations.models.access import ROLES
from remit.apps.records.rows import rows_of
from remit.lines import lines

HOUSE = Path(remit.__file__).parent
ORDER = ("records", "organizations", "people", "sourcing", "agreements", "work", "billing")
"""Each app may rest on those before it."""
OURS = [model for model in apps.get_models() if model.__module__.startswith("remit.")]
MODULES = sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts and "__pycache__" not in path.parts)
MOST_LINES, LONGER_AT_MOST = 500, 2


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_relation_points_up(model: type) -> None:
    for field in model._meta.get_fields():  # type: ignore[attr-defined]
        if field.concrete and field.is_relation and field.related_model._meta.app_label in ORDER:
            assert ORDER.index(field.related_model._meta.app_label) <= ORDER.index(model._meta.app_label), field  # type: ignore[attr-defined]


def test_no_migration_depends_upward() -> None:
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    for (app, name), node in graph.node_map.items():
        for parent in node.parents:
            if app in ORDER and parent.key[0] in ORDER:
                assert ORDER.index(parent.key[0]) <= ORDER.index(app), (app, name, parent.key)


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model.__name__)
def test_each_model_has_a_class_of_rows_or_the_reason_why_not(model: type) -> None:
    rows = rows_of(model)  # type: ignore[arg-type]
    assert rows.kind != "outside" or rows.why


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_a_module_says_what_is_here(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    said = ast.get_docstring(tree)
    assert said or not tree.body, "no docstring"
    for name in ("utils", "helpers", "common", "constants", "exceptions", "misc", "manager"):
        assert path.stem != name


VOCABULARY = {"intake.py": "a notice's own words for services, before there is any work"}
"""Modules of the apps that name services, and why."""


def test_the_apps_name_no_service_that_is_delivered() -> None:
    """What an app must know of a service stands in the contract; a name would be a branch, and a third service would need another."""
    codes = {code for code, line in lines().items() if line.steps}
    assert len(codes) > 1
    named = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in MODULES
        if path.is_relative_to(HOUSE / "apps") and not path.name.startswith(("test_", "conftest")) and path.name not in VOCABULARY
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Constant) and node.value in codes) or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("remit.lines."))
        if not (isinstance(node, ast.ImportFrom) and node.module in ("remit.lines.apart", "remit.lines.examples"))
    ]
    assert named == []
    pages = [path for path in (HOUSE / "apps").rglob("*.html") if any(code in path.read_text("utf-8") for code in codes)]
    assert pages == []


def test_few_files_are_long() -> None:
    long = [path.name for path in MODULES if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    assert len(long) <= LONGER_AT_MOST, long


def test_public_verbs_say_what_they_do() -> None:
    for action in ACTIONS.values():
        assert action.says.endswith("."), action.name
        assert set(action.roles) <= set(ROLES), action.name


def test_the_roles_of_doors_are_those_of_the_database() -> None:
    assert set(Role.__args__) == set(ROLES)


def test_architecture_fits_a_page() -> None:
    page = HOUSE.parent / "ARCHITECTURE.md"
    lines = page.read_text("utf-8").splitlines()
    assert len(lines) <= 120
    for folder in ("domain", "formats", "lines", "apps", "front", "rules"):
        assert any(line.strip().startswith(f"{folder}/") for line in lines), folder


HEAVY = (
    "ortools",
    "polars",
    "pandera",
    "scipy",
    "arelle",
    "pyhanko",
    "eyecite",
    "courts_db",
    "reporters_db",
    "pypdf",
    "facturx",
    "openpyxl",
    "duckdb",
    "typst",
    "docx",
    "saxonche",
    "pikepdf",
    "numpy",
)


def test_the_web_starts_without_heavy_libraries() -> None:
    program = (
        "import os; os.environ.update(DJANGO_SETTINGS_MODULE='remit.front.settings', REMIT_POOL_SIZE='0', REMIT_LOG_LEVEL='ERROR')\n"
        "import django; django.setup()\nimport remit.front.urls, sys\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_reading_commands_start_without_django() -> None:
    """A command that only reads files needs no database and starts at once."""
    names = ("notice", "statement", "reconcile", "invoice", "memo", "hours")
    program = f"import sys, importlib\nfor name in {names!r}: importlib.import_module('remit.front.commands.' + name)\nprint('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
