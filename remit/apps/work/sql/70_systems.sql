-- Accounts in clients' systems of people who left the provider or were walled off from the client, and that nobody gave back yet, with the provider in whose
-- name the job acts: asked across organizations, gives keys only.
create or replace function accounts_to_release(now_at timestamptz) returns table (access uuid, provider uuid, why text)
language sql stable security definer set search_path = public, pg_temp as $$
  select a.id, e.provider_id,
    case when exists (
      select 1 from organizations_membership m where m.organization_id = e.provider_id and m.person_id = a.person_id and m.since <= now_at
        and (m.until is null or m.until > now_at)
    ) then 'wall' else 'left' end
  from work_systemaccess a
  join work_clientsystem s on s.id = a.system_id
  join agreements_engagement e on e.id = s.engagement_id
  where a.granted_at is not null and a.ended_at is null and a.released_at is null and (
    not exists (
      select 1 from organizations_membership m where m.organization_id = e.provider_id and m.person_id = a.person_id and m.since <= now_at
        and (m.until is null or m.until > now_at)
    )
    or exists (
      select 1 from people_wall w where w.organization_id = e.provider_id and w.person_id = a.person_id and w.since <= now_at
        and (w.until is null or w.until > now_at) and w.against in (e.client_id, e.id, e.thread_id)
    )
  )
  order by a.id
$$;
