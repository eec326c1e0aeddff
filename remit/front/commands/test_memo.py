"""`remit memo check`: verdicts, exit statuses and JSON, on a real opinion."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from remit.front.commands import main

EXACT = "The reviewing court must ultimately be satisfied that no workable race-neutral alternatives would produce the educational benefits of diversity."
CHANGED = EXACT.replace("satisfied", "persuaded")
FISHER = "*Fisher v. University of Texas at Austin*, 570 U.S. 297, 312 (2013)"
GOOD = f"# Discussion\n\n“{EXACT}” {FISHER}. See *Brown v. Board of Education*, 347 U.S. 483 (1954).\n"
BAD = f"# Discussion\n\n“{EXACT}” {FISHER}.\n\n“{CHANGED}” *Id.* And *Smith v. Jones*, 12 F.4th 345 (9th Cir. 1950).\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["memo", "check", *arguments])


@pytest.fixture
def sources(shared_data: Path) -> str:
    return str(shared_data / "demo" / "legal")


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.md").write_text(GOOD, "utf-8")
    return str(tmp_path / "good.md")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.md").write_text(BAD, "utf-8")
    return str(tmp_path / "bad.md")


def test_what_holds_is_0(good: str, sources: str) -> None:
    result = run(good, "--sources", sources)
    assert result.exit_code == 0, result.output
    assert "holds: 347 U.S. 483 (1954)" in result.output
    assert "scotus_slip_opinion_2012_term.txt, line 93, page 2" in result.output


def test_a_reporter_before_it_existed_and_one_changed_word_are_found(bad: str, sources: str) -> None:
    result = run(bad, "--sources", sources)
    assert result.exit_code == 1
    assert "fails: 12 F.4th 345 (9th Cir. 1950)" in result.output
    assert "written “persuaded”, the source reads “satisfied”" in result.output
    assert result.output.count("fails:") == 2


def test_without_sources_a_quotation_is_not_compared_and_that_is_no_failure(good: str) -> None:
    result = run(good)
    assert result.exit_code == 0
    assert "not compared" in result.output


def test_json_gives_each_citation_as_written_with_its_verdict(bad: str, good: str, sources: str) -> None:
    result = run(bad, "--sources", sources, "--json")
    told = json.loads(result.stdout)
    assert [(one["citation"], one["verdict"]) for one in told["citations"]] == [
        ("570 U.S. 297, 312 (2013)", "holds"),
        ("Id.", "holds"),
        ("12 F.4th 345 (9th Cir. 1950)", "fails"),
    ]
    assert told["citations"][1]["refers_to"] == "570 U.S. 297, 312 (2013)"
    assert [(one["verdict"], one["written"], one["reads"], one["source"]) for one in told["quotations"]] == [
        ("holds", None, None, "scotus_slip_opinion_2012_term.txt"),
        ("fails", "persuaded", "satisfied", "scotus_slip_opinion_2012_term.txt"),
    ]
    assert {one["code"] for one in told["findings"]} == {"quotation.differs", "citation.before_series"}
    assert told["sources"][0]["read"] is True
    assert len(told["sources"][0]["sha256"]) == 64
    several = json.loads(run(bad, good, "--json").stdout)
    assert [one["holds"] for one in several] == [False, True]


def test_a_docx_is_read_like_markdown(tmp_path: Path, sources: str) -> None:
    from docx import Document

    made = Document()
    made.add_heading("Discussion", 1)
    made.add_paragraph(f"“{EXACT}” {FISHER.replace('*', '')}.")
    made.add_paragraph(CHANGED, style="Quote")
    made.add_paragraph("Id. And Smith v. Jones, 12 F.4th 345 (9th Cir. 1950).")
    made.save(str(tmp_path / "memo.docx"))
    told = json.loads(run(str(tmp_path / "memo.docx"), "--sources", sources, "--json").stdout)
    assert told["format"] == "docx"
    assert [one["verdict"] for one in told["citations"]] == ["holds", "holds", "fails"]
    assert [(one["verdict"], one["block"], one["line"]) for one in told["quotations"]] == [("holds", False, 2), ("fails", True, 3)]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"%PDF-1.4", bytes(range(256)) * 9, None])
def test_what_cannot_be_read_is_2_with_file_line_and_field(tmp_path: Path, good: str, data: bytes | None) -> None:
    path = tmp_path / "memo.docx"
    if data is not None:
        path.write_bytes(data)
    result = run(good, str(path))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}:1: ")
    assert len(result.stderr.removeprefix(f"{path}:1: ").split(": ", 1)) == 2
    assert "Traceback" not in result.stderr


def test_a_missing_folder_of_sources_is_2(good: str, tmp_path: Path) -> None:
    result = run(good, "--sources", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "none:1: sources: there is no such folder" in result.stderr


def test_a_source_that_cannot_be_read_is_said_and_left_out(good: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / "whole.txt").write_text(EXACT, "utf-8")
    result = run(good, "--sources", str(folder), "--json")
    assert result.exit_code == 0
    assert "damaged.pdf:1: file: No text can be read" in result.stderr
    assert [(one["file"], one["read"]) for one in json.loads(result.stdout)["sources"]] == [("damaged.pdf", False), ("whole.txt", True)]


def test_help_says_what_is_judged_and_starts_at_once() -> None:
    began = time.process_time()
    result = run("--help")
    assert result.exit_code == 0
    assert "Exit status: 0" in result.output
    assert time.process_time() - began < 1
    heavy = ("eyecite", "pypdf", "docx", "django", "courts_db", "reporters_db")
    program = f"import sys; import remit.front.commands.memo; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
