-- Closed periods that wait for their seal or their pack, with the client in whose name the job acts: asked across organizations, gives keys only.
create or replace function periods_to_seal() returns table (period uuid, client uuid, sealed boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.period_id, e.client_id, s.id is not null
  from work_closing c
  join work_period p on p.id = c.period_id
  join agreements_engagement e on e.id = p.engagement_id
  left join work_reopening r on r.closing_id = c.id
  left join work_sealing s on s.closing_id = c.id
  left join work_givenpack g on g.sealing_id = s.id
  where r.id is null and g.id is null
$$;
