"""A memo in the small market: a provider of legal research in Sofia, a brief of Halden's for its attorney, the month and its item."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.founding import FOUNDER_ROLES
from remit.apps.people.actions import add_person, describe_person, publish_profiles
from remit.apps.sourcing.actions import answer_brief, award_brief, draw_shortlist, write_brief
from remit.apps.work.models import WorkItem
from remit.lines import examples
from tests.world import ANSWERS, BRIEFED_AT, OFFICE, OPENED_AT, World, _house, _member

LINE = "legal_memo"
CLEAN = "school-district"
BRIEF: dict[str, Any] = {
    **{code: ANSWERS[code] for code in ("client_country", "entities", "hours_a_month", "zone", "opens", "closes", "shared_min", "start", "term_months")},
    **{"service": LINE, "level": "3", "language": "en", "language_level": "C1", "confidentiality": "ordinary", "relationship": "on_call"},
    **{"jurisdiction": "United States, Fourth Circuit", "question": "Whether the classes of the contract may stay separate.", "law_as_of": "2026-10-15"},
    **{"attorney": "Jonas Weber", "parties": "Marrow Valley School District", "confidential": "no"},
}
PEOPLE = (("Elka Stoyanova", 3, "elka"), ("Boris Manev", 4, "boris"))


def chambers(world: World) -> None:
    """Witosha Research (Sofia): Kalina leads, Elka drafts, Boris reviews."""
    _house(world, "chambers", "Witosha Research", "BG", ["provider"], "kalina", "Kalina Peneva", FOUNDER_ROLES, vat_id="BG204676177")
    place = world.do("kalina", "add_site", name="Sofia", country="BG", zone="Europe/Sofia", hours=OFFICE).id
    for name, level, mail in PEOPLE:
        made = world.do("kalina", add_person, name=name, email=f"{mail}@chambers.example", site=str(place), level=level, services=[LINE], since="2024-01-01")
        world.do("kalina", describe_person, person=str(made.id), languages={"en": "C2"}, software=[], experience=[{"service": LINE, "since": "2015-01-01"}])
        world.houses["chambers"].persons[name] = made.id
        _member(world, "chambers", "kalina", mail, name, ("preparer",) if level == 3 else ("reviewer",), made.id)
    lines = [{"service": LINE, "level": level, "basis": "hour", "price": str(30 + 10 * level)} for level in (1, 2, 3, 4)]
    world.do("kalina", "publish_card", series="standard", currency="EUR", valid_from="2026-01-01", lines=lines, source="made up for tests")
    world.do("kalina", "designate", service=LINE, country="DE", languages=["en"], site=str(place), series="standard")
    world.do("kalina", publish_profiles)


def engaged(world: World) -> UUID:
    """Briefed, awarded, agreed and signed; gives the engagement."""
    world.on(BRIEFED_AT)
    brief = world.do("petra", write_brief, title="A memo")
    world.do("petra", answer_brief, brief=str(brief.id), answers=BRIEF)
    world.do("petra", draw_shortlist, brief=str(brief.id))
    award = world.do("petra", award_brief, brief=str(brief.id), provider=str(world.houses["chambers"].key), reason="The only one with legal researchers.")
    agreement = str(world.do("petra", "draft_agreement", award=str(award.id)).id)
    world.do(
        "petra", "settle_terms", agreement=agreement, tax_category="AE", tax_reason="Reverse charge, Article 196 of Directive 2006/112/EC",
        contacts=[{"side": "client", "name": "Jonas Weber"}, {"side": "provider", "name": "Kalina Peneva"}],
        entities=[{"entity": str(world.entities["gmbh"]), "joins_on": "2026-10-01", "answers": {}}],
    )  # fmt: skip
    world.do("kalina", "settle_terms", agreement=agreement, responsible=str(world.houses["chambers"].persons["Boris Manev"]), iban="BG80BNBG96611020345678")
    world.do("petra", "sign_agreement", agreement=agreement)
    world.do("kalina", "sign_agreement", agreement=agreement)
    engagement: UUID = world.one("kalina", Engagement, agreement=agreement).id
    return engagement


def opened(world: World, engagement: UUID) -> WorkItem:
    """October 2026 with its memo; Elka drafts, Boris reviews."""
    world.on(OPENED_AT)
    entity = world.one("kalina", AgreedEntity, agreement__engagement=engagement)
    made = world.do("kalina", "open_period", engagement=str(engagement), entity=str(entity.id), month="2026-10-01")
    for step, person in (("draft", "Elka Stoyanova"), ("review", "Boris Manev")):
        world.do("kalina", "assign", item=str(made.id), step=step, person=str(world.houses["chambers"].persons[person]))
    item: WorkItem = world.one("kalina", WorkItem, id=made.id)
    return item


def written(world: World, item: WorkItem, case: str = CLEAN) -> None:
    """The worked example brought and moved; nothing handed in."""
    example = examples.load(LINE, case)
    for paper in example.papers:
        content = base64.b64encode(paper.data).decode()
        world.do("elka", "bring_paper", item=str(item.id), slot=paper.slot, file={"name": paper.name, "content": content})
    for made in example.moves:
        if made.take:
            world.do("elka", "take_suggestions", item=str(item.id), step=made.step)
        elif not made.hand_in:
            world.do("elka", "move", item=str(item.id), step=made.step, command=made.command, values=dict(made.values or {}))
