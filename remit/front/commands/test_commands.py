"""What holds for every command: a help page, and --json."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from remit.front.commands import COMMANDS, main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Those that do something by themselves, below groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = dict(commands(main))


def test_all_are_found() -> None:
    assert {path[0] for path in EVERY} == set(COMMANDS)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_each_answers_in_json(path: tuple[str, ...]) -> None:
    assert any("--json" in option.opts and option.is_flag for option in EVERY[path].params if isinstance(option, click.Option))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_each_has_a_help_page(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"])
    assert shown.exit_code == 0, shown.output
    assert "--json" in shown.output
