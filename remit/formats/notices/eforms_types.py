"""eForms notice subtypes and types: stage of each, and business terms of the elements that are read."""

from __future__ import annotations

SUBTYPES = {str(number): "planning" for number in range(1, 10)}
SUBTYPES |= {str(number): "tender" for number in range(10, 25)}
SUBTYPES |= {str(number): "award" for number in range(25, 38)}
SUBTYPES |= {str(number): "change" for number in range(38, 41)}
SUBTYPES |= {
    "CEI": "tender",
    "T01": "planning",
    "T02": "award",
    "E1": "planning",
    "E2": "planning",
    "E3": "tender",
    "E4": "award",
    "E5": "contract",
    "E6": "change",
}
"""Stage by subtype (Annex to Regulation (EU) 2019/1780; E1-E6 are the voluntary forms)."""
BY_LIST = {
    "planning": "planning", "competition": "tender", "result": "award", "dir-awa-pre": "award", "cont-modif": "change", "completion": "contract",
    "consultation": "planning",
}  # fmt: skip
BUSINESS = {"X01", "X02"}
"""Notices of the European business registers: no procurement."""
INTENDED = {"25", "26", "27", "28"}
PROFILES = {"1", "2", "3"}
QUALIFICATIONS = {"15"}
CONCESSIONS = {"14", "19", "28", "32", "35"}
CONCESSION_DIRECTIVE = "32014L0023"

PROCEDURES = {
    "open": "open", "restricted": "restricted", "neg-w-call": "negotiated with call", "neg-wo-call": "negotiated without call",
    "comp-dial": "competitive dialogue",
    "innovation": "innovation partnership", "oth-single": "other, one stage", "oth-mult": "other, several stages", "comp-tend": "competitive tendering",
    "exp-int-rail": "expression of interest, rail",
}  # fmt: skip
TERMS = {
    "cbc:ID/notice-id": "BT-701", "ContractFolderID": "BT-04", "IssueDate": "BT-05", "IssueTime": "BT-05", "VersionID": "BT-757", "RegulatoryDomain": "BT-01",
    "NoticeTypeCode": "BT-02", "NoticeLanguageCode": "BT-702", "PartyTypeCode": "BT-11", "ActivityTypeCode": "BT-10", "ProcedureCode": "BT-105",
    "ItemClassificationCode": "BT-262", "ProcurementTypeCode": "BT-23", "CityName": "BT-513", "IdentificationCode": "BT-514", "CompanyID": "BT-501",
    "PartyName/Name": "BT-500", "ProcurementProject/Name": "BT-21", "ProcurementProject/Description": "BT-24", "ProcurementProjectLot/ID": "BT-137",
    "ProcurementProject/ID": "BT-22", "SubTypeCode": "OPP-070", "EstimatedOverallContractAmount": "BT-27", "StartDate": "BT-536", "EndDate": "BT-537",
    "DurationMeasure": "BT-36", "FundingProgramCode": "BT-60", "ContractingSystemTypeCode": "BT-765", "SubmissionMethodCode": "BT-17", "Language/ID": "BT-97",
    "CallForTendersDocumentReference/ID": "BT-708", "DocumentType": "BT-14", "ExecutionRequirementCode": "BT-736", "TendererRequirementTypeCode": "BT-71",
    "PresentationPeriod/Description": "BT-99", "URI": "BT-15", "PartyIdentification/ID": "OPT-200",
}  # fmt: skip
"""Business term by element name, or by parent and element name where the name alone is not enough."""
