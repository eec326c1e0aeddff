-- Whether nothing is granted for the whole organization at an instant (of these roles, where some are named): what may be read then follows from what is granted.
create or replace function is_scoped(member uuid, at timestamptz, named varchar[] default '{}') returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select not exists (
    select 1 from organizations_grant g
    where g.membership_id = member and g.scope = 'organization' and g.since <= at and (g.until is null or g.until > at)
      and (cardinality(named) = 0 or g.role = any (named))
  )
$$;

-- Which organizations a log-in acts for, and whose deputy it is there: asked before an organization is known, so as owner; gives keys and names of its own
-- organizations only.
drop function if exists memberships_of(uuid, timestamptz);
create function memberships_of(asking uuid, at timestamptz)
returns table (membership uuid, person uuid, organization uuid, reference varchar, name varchar, member_name varchar, scoped boolean, deputy_for jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, m.person_id, o.tenant_id, o.reference, o.name, m.name, is_scoped(m.id, at), (
    select jsonb_agg(jsonb_build_object(
        'deputy', d.id, 'membership', x.id, 'user', x.user_id, 'person', x.person_id, 'name', x.name, 'mail', u.email, 'roles', d.roles, 'until', d.until,
        'scoped', is_scoped(x.id, at, d.roles)
      ) order by x.name)
    from organizations_deputy d
    join organizations_membership x on x.id = d.away_id
    left join organizations_user u on u.id = x.user_id
    where d.deputy_id = m.id and d.since <= at and d.until > at and (d.ended_at is null or d.ended_at > at)
      and x.since <= at and (x.until is null or x.until > at)
  )
  from organizations_membership m join organizations_organization o on o.tenant_id = m.organization_id
  where m.user_id = asking and m.since <= at and (m.until is null or m.until > at)
  order by o.name
$$;

-- The grants in force of whoever acts: their own, or those of the member for whom they act as deputy. Keys and scopes of their own organization only.
create or replace function my_grants() returns table (id uuid, role varchar, scope varchar, scope_id uuid, scope_field varchar)
language sql stable security definer set search_path = public, pg_temp as $$
  select g.id, g.role, g.scope, g.scope_id, g.scope_field
  from organizations_grant g
  left join organizations_deputy d on d.id = my_membership()
  where g.membership_id = coalesce(d.away_id, my_membership()) and (d.id is null or cardinality(d.roles) = 0 or g.role = any (d.roles))
    and g.since <= my_instant() and (g.until is null or g.until > my_instant())
$$;

-- Whether an organization's own entity or a service lies within what a scoped member is granted.
create or replace function my_grants_name(asked uuid) returns boolean language sql stable as $$
  select exists (select 1 from my_grants() g where g.scope = 'entity' and g.scope_id = asked)
$$;

create or replace function my_grants_reach(service varchar) returns boolean language sql stable as $$
  select exists (select 1 from my_grants() g where g.scope = 'field' and g.scope_field = service)
$$;
