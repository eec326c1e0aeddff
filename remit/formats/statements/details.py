"""Field 86 of MT940: what banks put into their lines of text, structured in several dialects or free."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mt940 import Options
from mt940.models import Transactions
from mt940.processors import transaction_details_post_processor
from mt940.tags import TransactionDetails

_FULL_LINE = 64
"""SWIFT cuts at 65, some banks one before."""
_CONTEXT, _TAG = Transactions(options=Options.all()), TransactionDetails()
_CODED = re.compile(r"\s*(\d{3})\s*([?>~^<@+])(?=\d{2})")
_SLASHED = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|BENM|ORDP|ID|ADDR|ISDT|CNTP|SUBID|PREF|RTRN|ACCW|ULTC|ULTD|ULTB|CREF|IREF|PURP|SVCL|EXCH|CHGS|BO|BI|OCMT|OAMT|COAM|INFO)/"
)
_REK = re.compile(r"REK: ?(\S+?)/NAAM: ?(.+)")


@dataclass(frozen=True)
class Details:
    """What field 86 says, as far as its dialect is known; `text` is never empty where the field is not."""

    text: str
    counterparty: str = ""
    account: str = ""
    reference: str = ""


def details_of(fields: Sequence[Sequence[str]]) -> Details:
    """From the lines of one or several fields 86 of an entry."""
    run = "".join(line.rstrip("\n") for line in fields[0])
    coded = _CODED.match(run)
    if coded:
        return _coded(run[coded.start(1) :], coded[2])
    text = " ".join(filter(None, (_joined(lines) for lines in fields)))
    pieces = _SLASHED.split(text)
    if len(pieces) >= 3 and len(pieces[0]) < 20:
        return _slashed(pieces, text)
    named = _REK.search(text)
    if named:
        return Details(text, named[2].strip(), named[1])
    return Details(text)


def _joined(lines: Sequence[str]) -> str:
    """Lines of one text: a full line was cut anywhere and runs on, a shorter one ended at a word."""
    text = ""
    for line in lines:
        text += line if len(line) >= _FULL_LINE else f"{line} "
    return " ".join(text.split())


def _coded(run: str, sign: str) -> Details:
    """German (DFÜ agreement), Polish and Hungarian banks: three digits, then ?20 ... purpose, ?31 account, ?32 ?33 name."""
    if sign != "?":
        run = re.sub(re.escape(sign) + r"(?=\d{2})", "?", run)
    given = {"transaction_details": run}
    parts = transaction_details_post_processor(_CONTEXT, _TAG, given, dict(given))
    purpose = parts.get("purpose") or ""
    reference = (parts.get("end_to_end_reference") or parts.get("customer_reference") or "").strip()
    words = [parts.get("posting_text") or "", purpose, parts.get("additional_purpose") or ""]
    text = " ".join(" ".join(words).split())
    reference = "" if reference.upper() in ("NOTPROVIDED", "NONREF") else reference
    return Details(text or run, (parts.get("applicant_name") or "").strip(), (parts.get("applicant_iban") or "").strip(), reference)


def _slashed(pieces: Sequence[str], text: str) -> Details:
    """Dutch and other SEPA banks: /NAME/ ... /IBAN/ ... /REMI/ ... /EREF/ ..."""
    values: dict[str, str] = {}
    for code, value in zip(pieces[1::2], pieces[2::2], strict=True):
        values.setdefault(code, value.strip(" /"))
    name, account = values.get("NAME", ""), values.get("IBAN", "")
    if "CNTP" in values:
        account, _, rest = values["CNTP"].partition("/")
        name = rest.split("/")[1] if rest.count("/") >= 1 else name
    remittance = re.sub(r"^(USTD//|STRD/[A-Z]*/)", "", values.get("REMI", ""))
    reference = values.get("EREF", "")
    return Details(remittance or text, name, account, "" if reference.upper() in ("NOTPROVIDED", "NONREF", "") else reference)
