"""`remit act`: every action, with its fields as options; the same functions that pages and API call."""

from __future__ import annotations

import json
import os
import types
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import click

from remit.front.commands.acting import acting_options, actor, carry_out, fail, fail_fields, inside

if TYPE_CHECKING:
    from remit.apps.organizations.acting import Action

HELP = ("-h", "--help")
_WORDS = {"str": "text", "int": "whole number", "Decimal": "number", "UUID": "key or reference", "date": "day", "datetime": "instant", "Upload": "@FILE"}


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, options_metavar="[ACTION [--FIELD VALUE]...]")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.option("--for", "away", metavar="MAIL", default="", help="Act as the deputy of a member who is away.")
@click.option("--key", default="", help="Idempotency key: a repetition under the same key is done once.")
@click.option("--code", default="", help="What your authenticator app shows, for actions that sign; each code counts once.")
@acting_options
@click.pass_context
def command(
    context: click.Context,
    words: tuple[str, ...],
    key: str,
    away: str,
    code: str,
    email: str,
    organization: str,
    data: Path | None,
    demo: bool,
    as_json: bool,
) -> None:
    """Carry out an action. Without one: list them. ACTION --help shows its fields.

    A field that takes keys takes short references (BR-7K3F-9QXM) too; lists and objects are JSON, or for lists the option several times;
    @PATH gives a file, or a value out of a file.

    Exit status: 0 done; 1 refused, with all reasons; 2 input that no action can take.
    """
    asks = [word for word in words if word in HELP]
    name, rest = (words[0], list(words[1:])) if words and not words[0].startswith("-") else ("", list(words))
    if not name and asks:
        click.echo(context.get_help())
        return
    if not name or asks:
        _describe(name, as_json)
        return
    given = _options(name, rest)
    with inside(data, demo) as installation:
        action = _action(name)
        by = replace(actor(installation, email, organization, away), code=code[:20])
        carry_out(action, _values(action, given), by, key=key, as_json=as_json)


def _describe(name: str, as_json: bool) -> None:
    """The list of actions, or one action's fields; needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django

    django.setup()
    from remit.apps.organizations.acting import ACTIONS

    if not name:
        found = sorted(ACTIONS.values(), key=lambda action: action.name)
        if as_json:
            click.echo(json.dumps({"actions": [{"name": each.name, "says": each.says, "roles": each.roles} for each in found]}))
            return
        width = max(len(each.name) for each in found)
        click.echo("\n".join(f"{each.name:{width}}  {each.says}" for each in found))
        return
    action = _action(name)
    schema = action.input.model_json_schema()
    if as_json:
        click.echo(json.dumps({"name": action.name, "says": action.says, "roles": action.roles, "input": schema}))
        return
    asks = "\nAsks for a second factor, as the organization requires: give --code" if action.second_factor else ""
    click.echo(f"remit act {action.name}\n\n{action.says}\nRoles: {', '.join(action.roles) or 'any member'}{asks}\n")
    rows = [(f"--{field}", _type_of(info.annotation), "" if info.is_required() else "may be left out") for field, info in action.input.model_fields.items()]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    click.echo("\n".join(f"  {field:{widths[0]}}  {kind:{widths[1]}}  {note}".rstrip() for field, kind, note in rows))


def _action(name: str) -> Action:
    from remit.apps.organizations.acting import ACTIONS

    action = ACTIONS.get(name.replace("-", "_"))
    if action is None:
        fail(f"there is no action {name}: “remit act” lists them")
    return action


def _options(action: str, words: list[str]) -> dict[str, list[str]]:
    """--field value and --field=value, in any order; a field may be given several times."""
    given: dict[str, list[str]] = {}
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            fail(f"{action}: {word}: a field is given as --FIELD VALUE")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not words:
                fail(f"{action}: {name}: its value is missing")
            value = words.pop(0)
        given.setdefault(name.replace("-", "_"), []).append(value)
    return given


def _values(action: Action, given: Mapping[str, list[str]]) -> dict[str, Any]:
    fields = action.input.model_fields
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, texts in given.items():
        try:
            values[name] = _value(fields[name].annotation if name in fields else str, texts)
        except (OSError, ValueError) as fault:
            errors[name] = [str(fault)]
    if errors:
        fail_fields(action.name, errors)
    return values


def _value(wanted: Any, texts: list[str]) -> Any:
    """The texts of one field as the plain value that its type is checked from."""
    from remit.apps.organizations.acting import Upload

    kind = _plain_type(wanted)
    if kind is Upload:
        return _upload(texts[-1])
    if get_origin(kind) in (list, tuple):
        if _plain_type(get_args(kind)[0]) is Upload:
            return [_upload(text) for text in texts]
        read = [_text(text) for text in texts]
        return json.loads(read[0]) if len(read) == 1 and read[0].lstrip().startswith("[") else read
    text = _text(texts[-1])
    if get_origin(kind) is dict or (isinstance(kind, type) and hasattr(kind, "model_fields")) or kind in (dict, Any):
        return json.loads(text)
    return text


def _upload(text: str) -> Any:
    from remit.apps.organizations.acting import Upload

    if not text.startswith("@"):
        raise ValueError("a file is given as @PATH")
    path = Path(text[1:])
    return Upload.of(path.name, path.read_bytes())


def _text(text: str) -> str:
    """@PATH is the text of a file; a value that begins with @ is written @@."""
    if text.startswith("@@"):
        return text[1:]
    return Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text


def _plain_type(wanted: Any) -> Any:
    """Without the marks of Annotated, and without None."""
    if get_origin(wanted) is Annotated:
        return _plain_type(get_args(wanted)[0])
    if get_origin(wanted) in (Union, types.UnionType):
        return _plain_type(next(arm for arm in get_args(wanted) if arm is not type(None)))
    return wanted


def _type_of(wanted: Any) -> str:
    kind = _plain_type(wanted)
    if get_origin(kind) in (list, tuple):
        return f"list of {_type_of(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        return "object (JSON)"
    if get_args(kind):
        return " | ".join(map(str, get_args(kind)))
    name = getattr(kind, "__name__", str(kind))
    return {"str": "text", "int": "whole number", "Decimal": "number", "UUID": "key or reference", "date": "day", "datetime": "instant", "Upload": "@FILE"}.get(
        name, name
    )
