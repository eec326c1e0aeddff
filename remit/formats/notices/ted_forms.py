"""What each TED form is: its stage, and whether it is a social, defence or concession form."""

from __future__ import annotations

# Standard forms under the directives of 2014 (F..), transport (T..), and of 2004 and 2009 (plain numbers).
STAGES = {
    "F01": "planning", "F02": "tender", "F03": "award", "F04": "planning", "F05": "tender", "F06": "award", "F07": "tender", "F08": "planning",
    "F12": "tender", "F13": "award", "F14": "change", "F15": "award", "F20": "change", "F21": "tender", "F22": "tender", "F23": "tender",
    "F24": "tender", "F25": "award", "T01": "planning", "T02": "award", "CEI": "tender",
    "1": "planning", "2": "tender", "3": "award", "4": "planning", "5": "tender", "6": "award", "7": "tender", "8": "planning", "9": "tender",
    "10": "tender", "11": "tender", "12": "tender", "13": "award", "14": "change", "15": "award", "16": "planning", "17": "tender", "18": "award",
    "19": "tender",
}  # fmt: skip
# The element NOTICE of the forms that serve several purposes decides.
TYPES = {
    "PRI_ONLY": "planning", "PRI_REDUCING_TIME_LIMITS": "planning", "PRI_CALL_COMPETITION": "tender", "PER_ONLY": "planning",
    "PER_REDUCING_TIME_LIMITS": "planning", "PER_CALL_COMPETITION": "tender", "CONTRACT": "tender", "AWARD_CONTRACT": "award",
    "QSU_ONLY": "tender", "QSU_CALL_COMPETITION": "tender", "CONCESSION": "tender", "CONCESSION_AWARD_CONTRACT": "award",
}  # fmt: skip
OLD_ROOTS = {
    "PRIOR_INFORMATION": "1", "CONTRACT": "2", "CONTRACT_AWARD": "3", "PERIODIC_INDICATIVE_UTILITIES": "4", "CONTRACT_UTILITIES": "5",
    "CONTRACT_AWARD_UTILITIES": "6", "QUALIFICATION_SYSTEM_UTILITIES": "7", "BUYER_PROFILE": "8", "SIMPLIFIED_CONTRACT": "9", "CONCESSION": "10",
    "CONTRACT_CONCESSIONAIRE": "11", "DESIGN_CONTEST": "12", "RESULT_DESIGN_CONTEST": "13", "ADDITIONAL_INFORMATION_CORRIGENDUM": "14",
    "VOLUNTARY_EX_ANTE_TRANSPARENCY_NOTICE": "15", "PRIOR_INFORMATION_DEFENCE": "16", "CONTRACT_DEFENCE": "17", "CONTRACT_AWARD_DEFENCE": "18",
    "CONTRACT_CONCESSIONAIRE_DEFENCE": "19", "PRIOR_INFORMATION_MOVE": "T01",
}  # fmt: skip
CONCESSION_FORMS = {"F23", "F24", "F25", "10", "11"}
INTENDED_AWARDS = {"F15", "15"}
BUYER_PROFILES = {"F08", "8"}
QUALIFICATIONS = {"F07", "7"}

PROCEDURES = (
    ("AWARD_CONTRACT_WITHOUT", "awarded without call"),
    ("NEGOTIATED_WITHOUT", "negotiated without call"),
    ("AWARD_CONTRACT_WITH_PRIOR", "negotiated with call"),
    ("COMPETITIVE_NEGOTIATION", "competitive negotiation"),
    ("COMPETITIVE_DIALOGUE", "competitive dialogue"),
    ("INNOVATION_PARTNERSHIP", "innovation partnership"),
    ("INVOLVING_NEGOTIATION", "involving negotiation"),
    ("NEGOTIATED", "negotiated"),
    ("RESTRICTED", "restricted"),
    ("OPEN", "open"),
)
"""What the name of a procedure element holds, the more special first, to the procedure."""


def procedure(element_name: str) -> str:
    """The procedure that an element such as PT_OPEN or PT_ACCELERATED_RESTRICTED names; empty where it names none."""
    bare = element_name.removeprefix("F02_").removeprefix("F03_")
    return next((says for part, says in PROCEDURES if part in bare), "") if bare.startswith("PT_") else ""


def form_code(root_name: str, form: str) -> str:
    """The form's code in one spelling (F02, T02, 17); empty where it is none that is known."""
    code = form.strip().upper()
    if code.isdigit():
        code = str(int(code))
    if code in STAGES:
        return code
    short = root_name.partition("_")[0]
    return short if short in STAGES else OLD_ROOTS.get(root_name, "")
