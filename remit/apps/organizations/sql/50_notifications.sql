-- At whose desk the job looks again at an instant, over all organizations: keys alone. Members who want some kinds at once, or were told of something that is
-- not over; where anything was decided in what their organization reads since the last look, and else when the plan says. As owner, since it asks before an
-- organization is known.
create or replace function looks_due(now_at timestamptz, most int) returns table (organization uuid, membership uuid, member_user uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  with watched as (
    select p.organization_id, p.membership_id, m.user_id, m.since, p.looked_at, p.look_again_at
    from organizations_digestplan p
    join organizations_membership m on m.id = p.membership_id
    where m.user_id is not null
      and m.since <= now_at and (m.until is null or m.until > now_at)
      and ((p.ended_at is null and cardinality(p.at_once) > 0)
        or exists (select 1 from organizations_notification n where n.membership_id = p.membership_id and n.over_at is null))
  ), changed as (
    select o.organization_id, max(newest.decided_at) as decided_at
    from (select distinct organization_id from watched) o
    join records_participation r on r.tenant_id = o.organization_id
    cross join lateral (select e.decided_at from records_entry e where e.audience_id = r.audience_id order by e.decided_at desc limit 1) newest
    group by o.organization_id
  )
  select w.organization_id, w.membership_id, w.user_id
  from watched w left join changed c on c.organization_id = w.organization_id
  -- An entry may become visible some seconds after the instant that it bears.
  where w.look_again_at is null or w.look_again_at <= now_at or c.decided_at > w.looked_at - interval '10 seconds'
  order by w.looked_at nulls first, w.since, w.membership_id
  limit most
$$;

-- Whose a notification is, and where: asked by its link, before an organization is known.
create or replace function notification_of(asked uuid) returns table (organization uuid, membership uuid, member_user uuid, address varchar)
language sql stable security definer set search_path = public, pg_temp as $$
  select n.organization_id, n.membership_id, m.user_id, n.address
  from organizations_notification n join organizations_membership m on m.id = n.membership_id
  where n.id = asked
$$;
