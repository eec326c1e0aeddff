"""Citations: read one sentence at a time, and judged by reporter, series, volume, year, court and pinpoint."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.formats.citations import RULES, Judged, Paragraph, judged
from remit.formats.citations.courts import court
from remit.formats.citations.series import DECISIONS, SERIES, years_of
from remit.formats.citations.tails import runs_backwards
from remit.formats.words import Words

YEAR = 2027


def judge(*paragraphs: str) -> list[Judged]:
    return list(judged([Paragraph(text, number) for number, text in enumerate(paragraphs, 1)], YEAR))


def verdicts(text: str) -> list[tuple[str, str]]:
    return [(one.citation.written, one.verdict) for one in judge(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Brown v. Board of Education, 347 U.S. 483 (1954).",
        "347 U.S. 483 (1954)",
        "Marbury v. Madison, 5 U.S. (1 Cranch) 137, 177 (1803).",
        "Fisher v. University of Texas, 570 U. S. ____ (2013).",
        "Miranda v. Arizona, 384 U.S. 436, 444–45 & n.4 (1966).",
        "Hopwood v. Texas, 78 F. 3d 932, 955 (CA5 1996).",
        "hiQ Labs, Inc. v. LinkedIn Corp., 31 F.4th 1180 (9th Cir. 2022).",
        "Kitzmiller v. Dover Area Sch. Dist., 400 F. Supp. 2d 707 (M.D. Pa. 2005).",
        "Zubulake v. UBS Warburg LLC, 217 F.R.D. 309 (S.D.N.Y. 2003).",
        "500 F. Supp. 3 (D. Mass. 1980)",
        "In re K.F. (2009) 173 Cal.App.4th 655, 661 [92 Cal.Rptr.3d 784].",
        "Rogers v Rogers (63 NY2d 582 [1984])",
        "State v. X, 198 Wn.2d 12, 34, 490 P.3d 1 (2021).",
        "X v. Y, 400 S.W.3d 12 (Tex. App.—Houston [1st Dist.] 2013, no pet.).",
        "55 Ohio St. 3d 1 (1990)",
        "People v. Foo, 2013 IL 115102, ¶ 12.",
        "State v. Bar, 2013-Ohio-1234, ¶ 4.",
        "Doe v. Roe, No. 11-cv-345, 2013 WL 123456, at *3 (S.D.N.Y. Jan. 5, 2013).",
        "2013 U.S. Dist. LEXIS 444 (N.D. Cal. Mar. 3, 2013)",
        "42 U.S.C. §§ 2000d–2000d-7 (2012)",
        "29 C.F.R. § 1604.11(a) (2013)",
        "78 Fed. Reg. 12345 (Feb. 22, 2013)",
        "Cal. Penal Code § 187 (West 2008)",
        "U.S. Const. amend. XIV, § 1",
        "U.S. Const. art. III, § 2, cl. 1",
        "Fed. R. Civ. P. 56(a)",
        "Note, 100 Harv. L. Rev. 12 (1990)",
        "539 U.S. 306, 326, 123 S. Ct. 2325, 156 L. Ed. 2d 304 (2003)",
    ],
)
def test_what_can_be_holds(text: str) -> None:
    found = judge(text)
    assert found
    assert [one.verdict for one in found] == ["holds"] * len(found), [one.findings for one in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Smith v. Jones, 12 F.4th 345 (9th Cir. 1950).", "citation.before_series"),
        ("12 Cal. 5th 3 (1990)", "citation.before_series"),
        ("12 F. Supp. 3d 3 (S.D.N.Y. 1999)", "citation.before_series"),
        ("300 F.2d 3 (2d Cir. 2005)", "citation.after_series"),
        ("100 A.2d 3 (Del. 2019)", "citation.after_series"),
        ("1200 F.2d 3 (9th Cir. 1990)", "citation.no_such_volume"),
        ("287 Cal. Rptr. 3 (1991)", "citation.no_such_volume"),
        ("347 U.S. 483 (1984)", "citation.volume_year"),
        ("9999 U.S. 1 (2010)", "citation.volume_year"),
        ("77 Fed. Reg. 1 (Jan. 3, 2013)", "citation.volume_year"),
        ("12 F.3d 345 (N.Y. App. Div. 1994)", "citation.wrong_court"),
        ("12 F.3d 345 (S.D.N.Y. 1994)", "citation.wrong_court"),
        ("12 Cal. Rptr. 3d 44 (N.Y. 2004)", "citation.wrong_court"),
        ("12 Cal. 4th 3 (9th Cir. 1996)", "citation.wrong_court"),
        ("539 U.S. 306 (9th Cir. 2003)", "citation.wrong_court"),
        ("12 N.E.2d 4 (Cal. 1938)", "citation.wrong_court"),
        ("12 F. Supp. 2d 3 (2d Cir. 1999)", "citation.wrong_court"),
        ("800 F.3d 1 (13th Cir. 2015)", "citation.no_such_court"),
        ("50 F.2d 3 (11th Cir. 1931)", "citation.court_then"),
        ("800 F.3d 1 (2d Cir. 2099)", "citation.future"),
        ("5 F.3d 100, 90 (1st Cir. 1994)", "citation.pinpoint"),
        ("5 F.3d 100, 115-10 (1st Cir. 1994)", "citation.range"),
        ("Foo v. Bar, 12 Foo. 3d 234 (2d Cir. 2004)", "citation.unknown_reporter"),
        ("12 F.5th 345 (9th Cir. 2023)", "citation.unknown_reporter"),
        ("99 U.S.C. § 12", "citation.no_such_title"),
        ("51 C.F.R. § 12.1", "citation.no_such_title"),
        ("42 U.S.C. § 1983 (1850)", "citation.before_series"),
        ("U.S. Const. amend. XXX", "citation.no_such_article"),
        ("Fed. R. Civ. P. 99", "citation.no_such_rule"),
        ("2013 WL 555 (S.D.N.Y. Jan. 5, 2014)", "citation.year_differs"),
    ],
)
def test_what_cannot_be_fails_and_says_why(text: str, code: str) -> None:
    one = judge(text)[0]
    assert one.verdict == "fails"
    assert code in [finding.code for finding in one.findings]
    said = Words("en").finding(one.findings[0], RULES[one.findings[0].code])
    assert one.citation.written in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("539 U. S. 306, 326", "citation.no_year"),
        ("Foo v. Bar, [1932] A.C. 562 (H.L.)", "citation.foreign"),
        ("[2013] UKSC 5", "citation.foreign"),
        ("2014 SCC 53", "citation.foreign"),
        ("Jane Doe, Essay, 45 Widget L.J. 12 (1999)", "citation.journal_unknown"),
        ("Fisher, No. 11-345, slip op. at 5 (U.S. June 24, 2013)", "citation.docket"),
        ("Id. at 12–13.", "citation.no_antecedent"),
        ("Brown, 347 U.S. at 495.", "citation.no_antecedent"),
        ("Grutter, supra, at 326.", "citation.no_antecedent"),
        ("12 F.3d 345 (Atlantis 1994)", "citation.court_unknown"),
    ],
)
def test_what_nobody_can_judge_says_why(text: str, code: str) -> None:
    one = judge(text)[-1]
    assert (one.verdict, [finding.code for finding in one.findings]) == ("cannot be judged", [code])


def test_years_do_not_leak_between_citations() -> None:
    text = "Smith v. Jones, 347 U.S. 999. The court disagreed. Miranda v. Arizona, 384 U.S. 436 (1966); Brown v. Board, 347 U.S. 483 (1954)."
    assert [(one.citation.written, one.citation.year, one.citation.name) for one in judge(text)] == [
        ("347 U.S. 999", None, "Smith v. Jones"),
        ("384 U.S. 436 (1966)", 1966, "Miranda v. Arizona"),
        ("347 U.S. 483 (1954)", 1954, "Brown v. Board"),
    ]


def test_a_citation_within_parentheses_stands_for_itself() -> None:
    text = "Martin v. Apfel, 118 F. Supp. 2d 9, 13 (D.D.C. 2000) (citing Davis v. Shalala, 862 F. Supp. 1, 4 (D.D.C. 1950))."
    assert verdicts(text) == [("118 F. Supp. 2d 9, 13 (D.D.C. 2000)", "holds"), ("862 F. Supp. 1, 4 (D.D.C. 1950)", "fails")]


def test_parallel_citations_share_year_and_court() -> None:
    found = judge("Brown v. Board of Education, 347 U.S. 483, 495, 74 S. Ct. 686, 98 L. Ed. 873 (1954), held so.")
    assert {(one.citation.year, one.citation.name, one.citation.group) for one in found} == {(1954, "Brown v. Board of Education", 1)}
    assert [one.citation.pinpoint for one in found] == ["495", "", ""]


def test_short_forms_stand_for_the_citation_in_full() -> None:
    found = judge(
        "Fisher v. University of Texas at Austin, 570 U.S. 297 (2013). Id. at 312.",
        "Grutter v. Bollinger, 539 U.S. 306 (2003). Fisher, 570 U.S. at 312–13. Ibid. Grutter, supra, at 326. Id., at 328.",
    )
    assert [one.refers_to for one in found] == [None, 0, None, 0, 0, 2, 2]
    assert {one.verdict for one in found} == {"holds"}
    assert [one.citation.pinpoint for one in found][3] == "312–13"


def test_what_stands_for_a_citation_that_fails_is_not_judged() -> None:
    assert [one.verdict for one in judge("Smith v. Jones, 12 F.4th 345 (9th Cir. 1950). Id. at 346.")] == ["fails", "cannot be judged"]


def test_a_year_given_once_is_enough() -> None:
    assert [one.verdict for one in judge("Grutter, 539 U.S. 306, 326.", "Grutter v. Bollinger, 539 U.S. 306 (2003).")] == ["holds", "holds"]


def test_dates_and_numbers_are_no_citations() -> None:
    assert judge("On 12 March 2013 (see 2004), 5 Members 12 voted, and 30 Days 7 passed (in 1999).") == []


@pytest.mark.parametrize(
    ("pinpoint", "backwards"), [("495-96", False), ("12–13", False), ("115-10", True), ("1201-9", False), ("99-101", False), ("312", False)]
)
def test_ranges(pinpoint: str, backwards: bool) -> None:
    assert runs_backwards(pinpoint) is backwards


@pytest.mark.parametrize(
    ("written", "kind", "state"),
    [
        ("9th Cir.", "appeals", ""),
        ("CA5", "appeals", ""),
        ("N.D. Ill.", "district", ""),
        ("N.D.", "state", "nd"),
        ("W. Va.", "state", "wv"),
        ("Tex. App.—Houston [1st Dist.]", "state", "tx"),
        ("App. Div. 2d Dep't", "state", ""),
        ("U.S.", "supreme", ""),
        ("Bankr. S.D.N.Y.", "bankruptcy", ""),
    ],
)
def test_courts(written: str, kind: str, state: str) -> None:
    found = court(written)
    assert found is not None
    assert (found.kind, found.state) == (kind, state)


def test_the_known_decisions_lie_in_their_own_span_and_series() -> None:
    for series, decisions in DECISIONS.items():
        assert list(decisions) == sorted(decisions)
        for volume, year in decisions:
            span = years_of(volume, series)
            assert span is not None
            assert span[0] <= year <= span[1]
            assert SERIES[series].begins <= year <= (SERIES[series].ends or 9999)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["12", " F.3d ", "345", " (9th Cir. ", "1994)", ", ", "Id.", " at ", "§ ", "U.S.C.", " v. ", "Smith", "[", "]", "(", "2013", "-", "¶", "; ", "\n"]
        ),
        max_size=24,
    )
)
def test_any_text_gives_verdicts(parts: list[str]) -> None:
    text = "".join(parts)
    for one in judge(text):
        assert 0 <= one.citation.start < one.citation.end <= len(text)
        assert one.verdict in ("holds", "fails", "cannot be judged")
        assert bool(one.findings) or one.verdict == "holds"
