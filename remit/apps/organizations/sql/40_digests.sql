-- Whose digest is due at an instant, over all organizations: keys alone, for the job that writes them. As owner, since it asks before an organization is known.
create or replace function digests_due(now_at timestamptz) returns table (organization uuid, membership uuid, member_user uuid, local_day date, language text)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.organization_id, p.membership_id, m.user_id, (now_at at time zone p.zone)::date, p.language
  from organizations_digestplan p
  join organizations_membership m on m.id = p.membership_id
  where p.ended_at is null
    and m.user_id is not null
    and m.since <= now_at and (m.until is null or m.until > now_at)
    and extract(hour from now_at at time zone p.zone) >= p.hour
    and (not p.workdays_only or extract(isodow from now_at at time zone p.zone) < 6)
    and not exists (select 1 from organizations_digest d where d.membership_id = p.membership_id and d.day = (now_at at time zone p.zone)::date)
  order by p.organization_id, p.membership_id
$$;
