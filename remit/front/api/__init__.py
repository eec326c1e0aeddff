"""The API: one operation for every action, the same functions that the pages call; and what may be read."""

from remit.front.api import (
    access,
    billing,
    boards,
    guests,
    mail,
    matters,
    organizations,
    records,
    reviewing,
    signed,
    sourcing,
    systems,
    takeover,
    time,
    today,
    work,
)
from remit.front.api.schema import api

# Modules that add to what may be read are imported before the operations are put together.
__all__ = [
    "access",
    "api",
    "billing",
    "boards",
    "guests",
    "mail",
    "matters",
    "organizations",
    "records",
    "reviewing",
    "signed",
    "sourcing",
    "systems",
    "takeover",
    "time",
    "today",
    "work",
]
