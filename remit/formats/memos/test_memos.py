"""Memos and authorities: read from Markdown, DOCX, text, HTML and PDF; what is wrong with a file is said, and nothing raises."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.document import Document, Paragraph
from remit.domain.quotations import Source
from remit.formats.citations.rules import RULES as CITATIONS
from remit.formats.document.pdf import write_pdf
from remit.formats.memos import RULES, Memo, read
from remit.formats.memos.check import check, table_of_authorities
from remit.formats.memos.sources import read as read_source
from remit.formats.memos.sources import without_running_heads
from remit.formats.memos.values import part_of
from remit.formats.words import Words

MARKDOWN = """---
title: A memo
---
# Memorandum

## I. Questions Presented

Whether *strict scrutiny* applies.

## Brief Answer:

**Yes.** [Brown v. Board of Education](https://example.com), 347 U.S. 483 (1954).[^1]

## Facts

| Who | What |
| --- | --- |
| Fisher | “applied” |

### A lower heading of the facts

She applied
in 2008.

## ANALYSIS

> To separate them generates a feeling
> of inferiority.
>
> — Brown, 347 U.S. at 494

[^1]: Ibid.
"""


def memo(data: bytes) -> Memo:
    found, findings = read(data)
    assert found is not None, findings
    return found


def test_markdown_is_read_with_its_lines() -> None:
    made = memo(MARKDOWN.encode())
    assert made.form == "md"
    assert [(one.kind, one.line) for one in made.passages if one.kind != "text"] == [
        ("heading", 4),
        ("heading", 6),
        ("heading", 10),
        ("heading", 14),
        ("row", 16),
        ("row", 16),
        ("row", 18),
        ("row", 18),
        ("heading", 20),
        ("heading", 25),
        ("quote", 27),
        ("quote", 30),
        ("footnote", 32),
    ]
    texts = [one.text for one in made.passages]
    assert "Whether strict scrutiny applies." in texts
    assert "Yes. Brown v. Board of Education, 347 U.S. 483 (1954)." in texts
    assert "She applied\nin 2008." in texts
    assert texts[-1] == "Ibid."


def test_headings_open_the_parts_by_any_of_their_names() -> None:
    parts = memo(MARKDOWN.encode()).parts()
    assert list(parts) == ["question", "answer", "facts", "discussion"]
    assert [one.text for one in parts["facts"] if one.kind == "heading"] == ["A lower heading of the facts"]


@pytest.mark.parametrize(
    ("heading", "part"),
    [("QUESTION PRESENTED", "question"), ("II. Short Answers", "answer"), ("1) Statement of Facts:", "facts"), ("Conclusion", "conclusion"), ("Notes", "")],
)
def test_part_of(heading: str, part: str) -> None:
    assert part_of(heading) == part


def test_docx_is_read_as_it_reads(written: Any) -> None:
    p = written.paragraph
    body = (
        p("Question Presented", '<w:pStyle w:val="Own"/>')
        + "<w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>gone </w:delText><w:t>gone</w:t></w:r></w:del><w:ins><w:r><w:t>and new</w:t></w:r></w:ins>"
        + '<w:r><w:tab/><w:t>x</w:t><w:noBreakHyphen/><w:t>y</w:t><w:footnoteReference w:id="2"/><w:instrText>PAGE</w:instrText></w:r></w:p>'
        + p("A block.", '<w:pStyle w:val="Zitat"/>')
        + p("Set in on both sides.", '<w:ind w:left="720" w:right="720"/>')
        + p("DISCUSSION")
        + f"<w:tbl><w:tr><w:tc>{p('cell')}</w:tc></w:tr></w:tbl>"
    )
    notes = f'<w:footnote w:id="0" w:type="separator">{p("—")}</w:footnote><w:footnote w:id="2">{p("See 347 U.S. 483 (1954).")}</w:footnote>'
    assert [(one.kind, one.text, one.line) for one in memo(written(body, notes)).passages] == [
        ("heading", "Question Presented", 1),
        ("text", "Kept and new x-y", 2),
        ("footnote", "See 347 U.S. 483 (1954).", 2),
        ("quote", "A block.", 3),
        ("quote", "Set in on both sides.", 4),
        ("heading", "DISCUSSION", 5),
        ("row", "cell", 6),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "memo.empty"),
        (b" \n\n", "memo.empty"),
        (b"%PDF-1.7 x", "memo.other_form"),
        (b"\xd0\xcf\x11\xe0old", "memo.other_form"),
        (b"PK\x03\x04junk", "memo.broken"),
        (b"a\0b", "memo.not_text"),
        (bytes(range(1, 32)) * 40, "memo.not_text"),
        (b"x" * 1_000_001, "memo.too_long"),
    ],
)
def test_what_cannot_be_read_is_said_with_line_and_field(data: bytes, code: str) -> None:
    found, findings = read(data)
    assert found is None
    assert [finding.code for finding in findings] == [code]
    assert findings[0].place.line
    assert findings[0].place.field
    assert "{" not in Words("en").finding(findings[0], RULES[code])


def test_a_docx_that_is_damaged_or_hostile_is_refused(written: Any) -> None:
    whole = written(written.paragraph("word " * 500))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 80_000_000)
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    cases = [
        (whole[: len(whole) // 2], "memo.broken"),
        (other.getvalue(), "memo.no_body"),
        (bomb.getvalue(), "memo.too_large"),
        (entity.getvalue(), "memo.doctype"),
        (written("<w:p>"), "memo.bad_xml"),
        (written(""), "memo.empty"),
        (written("<w:p/>" * 50_001), "memo.too_many"),
    ]
    for data, code in cases:
        found, findings = read(data)
        assert (found, [finding.code for finding in findings]) == (None, [code])


def test_flipped_bytes_never_raise(written: Any) -> None:
    chance = random.Random(7)
    for whole in (written(written.paragraph("“Quoted” 347 U.S. 483 (1954)")), MARKDOWN.encode(), write_pdf(Document("T", (Paragraph("text"),)))):
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            for reads in (read, read_source):
                found, findings = reads(bytes(data))
                assert found is not None or findings
            cut = whole[: chance.randrange(len(whole))]
            assert read(cut)[0] is not None or read(cut)[1]
            assert read_source(cut)[0] is not None or read_source(cut)[1]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_and_checked(text: str) -> None:
    found, findings = read(text.encode())
    assert found is not None or findings
    if found is not None:
        check(found, [Source("a", "kept text")], 2027)


def test_authorities_are_read_from_every_form(written: Any) -> None:
    html = b"<!DOCTYPE html><html><head><style>x</style></head><body><p>One <i>two</i></p><p>three</p><script>no</script></body></html>"
    pdf = write_pdf(Document("T", (Paragraph("One two three"),)))
    for data, form in ((b"One two\nthree", "txt"), (html, "html"), (pdf, "pdf"), (written(written.paragraph("One two three")), "docx")):
        found, findings = read_source(data)
        assert found is not None, findings
        assert found.form == form
        assert " ".join(found.text.split()).startswith("One two three"), found.text
        assert "no" not in found.text
    assert read_source(b"a\0b")[1][0].code == "authority.unreadable"


def test_running_heads_are_blanked_and_lines_stay() -> None:
    second, third = "  2  CASE v. CASE\n\n  Opinion of the Court\n\ngan here.\n", "Cite as: 1 U. S. ____   3\n\n  Opinion of the Court\n\nmore\n"
    text = "\f".join(("First page be-\n", second, third, " 4 CASE v. CASE\nend"))
    made = without_running_heads(text)
    assert made.count("\n") == text.count("\n")
    assert "CASE" not in made
    assert "Opinion" not in made
    assert "gan here." in made


MEMO = """## Discussion

The Court held that “[t]he reviewing court must ultimately be satisfied that no workable race-neutral alternatives would
produce the educational benefits of diversity.” *Fisher v. University of Texas at Austin*, 570 U.S. 297, 312 (2013).
It added that “[s]trict scrutiny must not be strict in theory, but fatal in reality.” *Id.* at 314.
See also *Smith v. Jones*, 12 F.4th 345 (9th Cir. 1950); *Brown v. Board of Education*, 347 U.S. 483 (1954).

> Strict scrutiny does not permit a court to accept a school's assertion that its admissions process uses race in a
> permissible way without closely examining how the process works in practice . . . .

*Fisher*, 570 U.S. at 313. The program (the “University”) used “plus factors.” But “[i]t is emphatically the province and
duty of the judicial department to say what the law is.” Marbury v. Madison, 5 U.S. (1 Cranch) 137, 177 (1803). And
“the University has shown a clearly narrow and wholly imagined plan of some sort.” *Fisher*, 570 U.S. at 313.
"""


@pytest.fixture
def opinion(shared_data: Path) -> Source:
    data = (shared_data / "demo" / "legal" / "scotus_slip_opinion_2012_term.txt").read_bytes()
    found, _ = read_source(data)
    assert found is not None
    return Source("fisher.txt", found.text)


def test_a_memo_is_checked_on_a_real_opinion(opinion: Source) -> None:
    checked = check(memo(MEMO.encode()), [opinion], 2027)
    assert [(one.citation.written, one.verdict) for one in checked.citations if one.verdict != "holds"] == [("12 F.4th 345 (9th Cir. 1950)", "fails")]
    assert [one.verdict for one in checked.quotations] == ["holds", "fails", "holds", "holds", "not compared", "fails"]
    changed = checked.quotations[1]
    assert changed.compared is not None
    assert (changed.line, changed.compared.written, changed.compared.reads, changed.compared.line) == (5, "reality", "fact", 631)
    assert [finding.code for finding in checked.findings] == [
        "quotation.differs",
        "citation.before_series",
        "quotation.not_kept",
        "quotation.absent",
    ]
    assert all(finding.code in CITATIONS for finding in checked.findings)


def test_what_is_quoted_from_elsewhere_is_not_held_against_a_source(opinion: Source) -> None:
    text = (
        "The contract says that “the operator shall assign pupils to classes as it sees fit.”\n\n"
        "The Court decided *Fisher v. University of Texas at Austin*, 570 U.S. 297 (2013).\n\n"
        "An e-mail of 3 May calls it “a plan that nobody in the district has ever asked for.” "
        + "Much more was written before the term began, and all of it was sent to the board in the same week. " * 3
        + "See *Fisher*, 570 U.S. at 312.\n"
    )
    assert [one.verdict for one in check(memo(text.encode()), [opinion], 2027).quotations] == ["not compared", "not compared"]


def test_without_sources_nothing_is_compared_and_that_is_no_failure(opinion: Source) -> None:
    checked = check(memo(MEMO.replace("12 F.4th 345 (9th Cir. 1950)", "12 F.4th 345 (9th Cir. 2021)").encode()), None, 2027)
    assert {one.verdict for one in checked.quotations} == {"not compared"}
    assert not checked.fails


def test_a_docket_that_a_source_bears_holds(opinion: Source) -> None:
    text = b"Fisher v. University of Texas at Austin, No. 11-345, slip op. at 5 (U.S. June 24, 2013)."
    assert check(memo(text), [opinion], 2027).citations[0].verdict == "holds"
    assert check(memo(text), [], 2027).citations[0].verdict == "cannot be judged"


def test_the_table_of_authorities_names_each_once(opinion: Source) -> None:
    table = table_of_authorities(check(memo(MEMO.encode()), [opinion], 2027))
    assert [(one.citation.name, lines) for one, lines in table] == [
        ("Brown v. Board of Education", (6,)),
        ("Fisher v. University of Texas at Austin", (4, 5, 11, 13)),
        ("Marbury v. Madison", (12,)),
        ("Smith v. Jones", (6,)),
    ]
