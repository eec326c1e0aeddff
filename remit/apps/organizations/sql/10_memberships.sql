-- Which organizations a log-in acts for: asked before an organization is known, so as owner; gives keys and names of its own organizations only.
create or replace function memberships_of(asking uuid, at timestamptz)
returns table (membership uuid, person uuid, organization uuid, reference varchar, name varchar, member_name varchar)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, m.person_id, o.tenant_id, o.reference, o.name, m.name
  from organizations_membership m join organizations_organization o on o.tenant_id = m.organization_id
  where m.user_id = asking and m.since <= at and (m.until is null or m.until > at)
  order by o.name
$$;
