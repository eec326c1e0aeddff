"""A thread that is granted to some, one that is not, and one of personal matters, between the same organizations: for walks within one organization."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests import world as worlds
from tests.walking import Hidden, everything, new_since
from tests.world import World


@dataclass(frozen=True)
class Stage:
    """A thread that is granted, one in the same organizations that is not, and one of personal matters; all of them worked on to a sealed month."""

    world: World
    granted: UUID
    other: Hidden
    personal: Hidden
    entity: Hidden
    second: UUID


def staged(world: World) -> Stage:
    """Halden and Rila with all of it, and who is granted what: everything but personal matters to an administrator of each, one engagement, one entity."""
    second = world.do("petra", "add_entity", name="Halden Optik GmbH", country="DE", currency="EUR", zone="Europe/Berlin", ibans=["DE02120300000000202051"]).id
    granted = worlds.signed(world, more=(second,))
    worlds.closed(world, worlds.opened(world, granted))
    before = everything()
    item = worlds.opened(world, granted, second)
    world.do("petra", "invite_guest", kind="item", about=str(item.id), email="gast@optik.example", name="Gast Optik", acts=["bring_paper"])
    entity = new_since(before, ["Halden Optik GmbH", "Gast Optik", "gast@optik.example", "DE02120300000000202051"])
    before = everything()
    other = worlds.signed(world)
    worlds.closed(world, worlds.opened(world, other))
    hidden_other = new_since(before, [])
    before = everything()
    personal = worlds.signed(world, personal=True)
    for seat in ("elena", "arun"):
        member, reads = str(world.by(seat).membership), {"role": "reader", "scope": "engagement", "scope_id": str(personal)}
        world.do("maya", "grant_role", membership=member, **reads)
    world.do("petra", "grant_role", membership=str(world.by("jonas").membership), role="reader", scope="engagement", scope_id=str(personal))
    worlds.closed(world, worlds.opened(world, personal))
    hidden_personal = new_since(before, [])
    for house, chief, mail in (("halden", "petra", "adam"), ("rila", "maya", "anna")):
        roles = ("administrator", "manager", "approver", "signatory", "biller", "requester", "auditor", "reader")
        worlds._member(world, house, chief, mail, f"{mail.title()} Everything", roles)
    reads = {"role": "reader", "scope": "engagement", "scope_id": str(granted)}
    accepts = {"role": "approver", "scope": "engagement", "scope_id": str(granted)}
    worlds.scoped(world, "halden", "petra", "emil", reads, accepts)
    worlds.scoped(world, "rila", "maya", "rada", reads, {"role": "manager", "scope": "engagement", "scope_id": str(granted)})
    worlds.scoped(world, "halden", "petra", "ella", {"role": "manager", "scope": "entity", "scope_id": str(world.entities["gmbh"])})
    return Stage(world, granted, hidden_other, hidden_personal, entity, second)
