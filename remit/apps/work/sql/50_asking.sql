-- Questions: reminders whose time has come, one a question, with the organization in whose name each goes. Asked across organizations, gives keys only.
create or replace function reminders_due(now timestamptz) returns table (planned uuid, organization uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select due.id, case when is_enrolled(due.told, now) then due.told else due.other end
  from (
    select distinct on (p.request_id) p.id,
      case p.side when 'client' then e.client_id else e.provider_id end as told,
      case p.side when 'client' then e.provider_id else e.client_id end as other
    from work_plannedreminder p
    join work_request q on q.id = p.request_id
    join work_workitem i on i.id = q.item_id
    join agreements_engagement e on e.id = i.engagement_id
    where p.ended_at is null and p.due_at <= now and not work_period_is_closed(i.id)
    order by p.request_id, p.due_at desc, p.level desc
  ) due
$$;

do $$
declare name text;
begin
  foreach name in array array['request', 'instructionuse'] loop
    execute format('drop trigger if exists closed_takes_nothing on work_%1$s', name);
    execute format('create trigger closed_takes_nothing before insert on work_%1$s for each row execute function work_takes_nothing_once_closed()', name);
  end loop;
end $$;
