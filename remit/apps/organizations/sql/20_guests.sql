-- A guest reads by the participation of the organization that the link acts for; without one the link opens nothing, so it is refused.
create or replace function organizations_derive_guest() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare share uuid;
begin
  if tg_op = 'UPDATE' then
    update records_reader set until = new.revoked_at where principal = new.id;
    return new;
  end if;
  select id into share from records_participation p
    where p.audience_id = new.audience_id and p.tenant_id = new.organization_id and p.since <= new.since and (p.until is null or p.until > new.since)
    order by p.since desc limit 1;
  if share is null then
    raise exception 'no participant' using errcode = 'check_violation', constraint = 'guest_of_a_participant';
  end if;
  insert into records_reader (principal, audience_id, participation_id, since, until) values (new.id, new.audience_id, share, new.since, null);
  return new;
end $$;
drop trigger if exists derive_guest on organizations_guestlink;
create trigger derive_guest after insert or update on organizations_guestlink for each row execute function organizations_derive_guest();

-- What a link opens, found by the hash of its secret before anybody is known to act; as owner.
create or replace function guest_link(hash varchar)
returns table (link uuid, organization uuid, organization_name varchar, audience uuid, about_kind varchar, about_id uuid, about_reference varchar,
               acts varchar[], email varchar, name varchar, language varchar, expires_at timestamptz, revoked_at timestamptz, host uuid, host_name varchar)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.id, l.organization_id, o.name, l.audience_id, l.about_kind, l.about_id, l.about_reference, l.acts, l.email, l.name, l.language,
         l.expires_at, l.revoked_at, l.invited_by_organization_id, h.name
  from organizations_guestlink l
  join organizations_organization o on o.tenant_id = l.organization_id
  join organizations_organization h on h.tenant_id = l.invited_by_organization_id
  where l.token_hash = hash
$$;

-- Whether an organization has anybody with a log-in who could act for it.
create or replace function is_enrolled(asked uuid, at timestamptz) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select 1 from organizations_membership m join organizations_user u on u.id = m.user_id
    where m.organization_id = asked and m.since <= at and (m.until is null or m.until > at) and u.is_active
  )
$$;

drop function if exists messages_to_send(int);

-- The mail that an answer or a bounce names.
create or replace function message_by_reply_key(asked varchar) returns table (message uuid, organization uuid, link uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, m.organization_id, m.link_id from organizations_message m where m.reply_key = asked
$$;
