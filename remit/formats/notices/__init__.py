"""Procurement notices: OCDS releases and records, eForms, TED XML; read into one value, with what is missing and what is doubtful."""
