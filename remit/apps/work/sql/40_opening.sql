-- Months that open by themselves and are not open yet, with the provider in whose name the job acts: asked across organizations, gives keys and days only.
-- A month opens with its first day on the entity's clock; what was missed while nothing ran is opened later, from the rhythm's first month on.
create or replace function months_to_open(now_at timestamptz) returns table (engagement uuid, entity uuid, provider uuid, month date)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.id, a.id, e.provider_id, m.first_day::date
  from work_recurrence r
  join agreements_engagement e on e.id = r.engagement_id
  join agreements_agreedentity a on a.agreement_id = e.agreement_id and (r.entity_id is null or r.entity_id = a.id)
  cross join lateral generate_series(
    date_trunc('month', greatest(r.begins_on, e.begins_on, a.joins_on)::timestamp),
    date_trunc('month', now_at at time zone (a.facts->>'zone')),
    interval '1 month'
  ) as m(first_day)
  where r.task = ''
    and (r.ends_on is null or r.ends_on > m.first_day)
    and (e.ends_on is null or e.ends_on > m.first_day)
    and (a.leaves_on is null or a.leaves_on > m.first_day)
    and a.joins_on < m.first_day + interval '1 month'
    and not exists (select 1 from work_period p where p.engagement_id = e.id and p.entity_id = a.id and p.begins_on = m.first_day)
  order by m.first_day, e.id, a.name
$$;
