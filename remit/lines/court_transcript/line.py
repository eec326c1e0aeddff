"""Court transcripts as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("record_hearing", N_("Record the hearing in the courtroom"), procedure=True, one_answer=True, zone=3, presence=True),
    Task("prepare_audio", N_("Check the audio and its speakers"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("type_segments", N_("Type the audio verbatim"), procedure=True, one_answer=True, zone=3),
    Task("name_speakers", N_("Name the speakers"), procedure=True, one_answer=True, zone=3),
    Task("proofread", N_("Proofread against the audio"), procedure=True, one_answer=True, zone=3),
    Task("lay_out", N_("Lay out pages of numbered lines and the index"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("decide_unclear", N_("Decide unclear passages"), procedure=False, one_answer=False, zone=4, critical=3),
    Task("certify", N_("Certify the transcript"), procedure=False, one_answer=False, zone=4, act="certify_transcript", critical=3),
    Task("file_transcript", N_("File the transcript with the court"), procedure=True, one_answer=True, zone=3, act="file_with_court"),
)

QUESTIONS = (
    Question("hours_audio", N_("Hours of audio"), "number"),
    Question("speakers", N_("Speakers"), "number"),
    Question("court", N_("Court, whose rules of layout hold")),
    Question("sealed", N_("Is any part sealed or about a minor?"), "yes", holds="secret"),
    Question("terms", N_("List of names and terms"), required=False),
    Question("due_in_days", N_("Days until delivery"), "number"),
    Question("language", N_("Language of the work"), "language"),
    Question("certifier", N_("Who certifies"), "person", required=False),
)

LINE = ServiceLine(
    code="court_transcript",
    field="law",
    says=N_("Court transcripts"),
    edition=1,
    levels={
        1: N_("Typist: types clear dictation"),
        2: N_("Transcriber: types hearings by a style sheet"),
        3: N_("Senior transcriber and proofreader: checks against the audio"),
        4: N_("Transcript manager: answers for speakers, exhibits and deadline"),
        5: N_("Certified reporter: certifies the transcript"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "hour"),
    measures={"page": N_("page of 25 lines"), "minute": N_("minute of audio")},
)
