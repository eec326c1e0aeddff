"""Addresses of `organizations`, below an organization."""

from django.urls import path

from remit.apps.organizations.views import deputies, digest, guests, mail_servers, market, members, organization, outbox, roles, tokens, units

urlpatterns = [
    path("guests/invite/", guests.invite, name="invite"),
    path("guests/<uuid:link>/remind/", guests.remind, name="remind_guest"),
    path("guests/<uuid:link>/end/", guests.end, name="end_guest"),
    path("organization/", organization.organization, name="organization"),
    path("organization/signing/", organization.signing, name="signing"),
    path("organization/sites/", organization.sites, name="sites"),
    path("organization/entities/", organization.entities, name="entities"),
    path("organization/entities/<str:reference>/", organization.entity, name="entity"),
    path("organization/members/", members.members, name="members"),
    path("organization/members/<uuid:membership>/", members.member, name="member"),
    path("organization/members/<uuid:membership>/invite/", members.invite_again, name="invite_again"),
    path("organization/members/<uuid:membership>/end/", members.end_membership, name="end_membership"),
    path("organization/roles/", roles.roles, name="roles"),
    path("organization/deputies/", deputies.deputies, name="deputies"),
    path("organization/deputies/<uuid:deputy>/end/", deputies.end_deputy, name="end_deputy"),
    path("organization/roles/<uuid:grant>/end/", members.end_role, name="end_role"),
    path("organization/cards/", market.cards, name="cards"),
    path("organization/cards/<str:reference>/", market.card, name="card"),
    path("organization/designations/", market.offers, name="offers"),
    path("organization/designations/<uuid:offer>/end/", market.end_offer, name="end_offer"),
    path("organization/units/", units.units, name="units"),
    path("organization/digest/", digest.digest, name="digest"),
    path("organization/digest/channels/", digest.channels, name="channels"),
    path("organization/digest/end/", digest.end, name="end_digest"),
    path("organization/tokens/", tokens.own_tokens, name="tokens"),
    path("organization/tokens/calendar/", tokens.own_calendar, name="own_calendar"),
    path("organization/tokens/<uuid:token>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("organization/outbox/", outbox.mails, name="outbox"),
    path("organization/outbox/<uuid:message>/", outbox.message, name="message"),
    path("organization/outbox/<uuid:message>/send/", outbox.send_now, name="send_message"),
    path("organization/outbox/<uuid:message>/aside/", outbox.put_aside, name="put_message_aside"),
    path("organization/mail/", mail_servers.mail_servers, name="mail_servers"),
    path("organization/mail/try/", mail_servers.try_mail, name="try_mail"),
    path("organization/mail/<uuid:received>/aside/", mail_servers.put_received_aside, name="put_received_aside"),
]
