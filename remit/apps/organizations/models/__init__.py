"""The models of `organizations`, by what they are about."""

from remit.apps.organizations.models.access import ApiToken, FirstCode, Grant, Membership, SecurityEvent, User
from remit.apps.organizations.models.deputies import Deputy
from remit.apps.organizations.models.digests import Digest, DigestPlan, Notification
from remit.apps.organizations.models.guests import GuestCode, GuestLink, Message
from remit.apps.organizations.models.market import CardLine, Designation, RateCard, RuleSet
from remit.apps.organizations.models.organization import BankAccount, Entity, Organization, Site
from remit.apps.organizations.models.received import ReceivedMail
from remit.apps.organizations.models.set_aside import SetAside

__all__ = [
    "ApiToken",
    "BankAccount",
    "CardLine",
    "Deputy",
    "Designation",
    "Digest",
    "DigestPlan",
    "Entity",
    "FirstCode",
    "Grant",
    "GuestCode",
    "GuestLink",
    "Membership",
    "Message",
    "Notification",
    "Organization",
    "RateCard",
    "ReceivedMail",
    "RuleSet",
    "SecurityEvent",
    "SetAside",
    "Site",
    "User",
]
