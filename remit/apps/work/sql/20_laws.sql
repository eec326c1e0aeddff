-- What must hold whatever the program does: a closed period takes nothing, and a verdict is another interest's, on the newest bytes.
-- They run as owner, so that no row that the writer cannot see is overlooked.
create or replace function work_period_is_closed(item uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select 1 from work_workitem w
    join work_closing c on c.period_id = w.period_id
    left join work_reopening r on r.closing_id = c.id
    where w.id = item and r.id is null
  )
$$;

revoke execute on function work_period_is_closed(uuid) from public;

create or replace function work_takes_nothing_once_closed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare item uuid;
begin
  if tg_table_name in ('work_review', 'work_acceptance', 'work_deliverablefile') then
    select d.item_id into item from work_deliverable d where d.id = (to_jsonb(new) ->> 'deliverable_id')::uuid;
  else
    item := (to_jsonb(new) ->> 'item_id')::uuid;
  end if;
  if work_period_is_closed(item) then raise exception 'the period is closed' using errcode = 'check_violation', constraint = 'closed_period_takes_nothing'; end if;
  return new;
end $$;

create or replace function work_review_is_anothers() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare made work_deliverable%rowtype; newest int;
begin
  select * into made from work_deliverable where id = new.deliverable_id;
  select max(number) into newest from work_deliverable where item_id = made.item_id;
  if made.number <> newest or made.manifest_sha256 <> new.manifest_sha256 then
    raise exception 'not the newest bytes' using errcode = 'check_violation', constraint = 'verdict_on_newest_bytes';
  end if;
  if tg_table_name = 'work_review' then
    -- An agent and its operator are one interest.
    if (select coalesce(operator_id, id) from people_person where id = (to_jsonb(new) ->> 'reviewed_by')::uuid)
       is not distinct from (select coalesce(operator_id, id) from people_person where id = made.made_by) then
      raise exception 'one interest prepared and reviewed' using errcode = 'check_violation', constraint = 'four_eyes';
    end if;
  elsif not exists (select 1 from work_review r where r.deliverable_id = made.id and r.verdict = 'passed' and r.manifest_sha256 = made.manifest_sha256) then
    raise exception 'not passed' using errcode = 'check_violation', constraint = 'accepted_once_passed';
  end if;
  return new;
end $$;

-- What was accepted is replaced by nothing until it was opened again, with what was wrong.
create or replace function work_accepted_stands() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select 1 from work_deliverable d join work_acceptance a on a.deliverable_id = d.id and a.verdict = 'accepted'
    where d.item_id = new.item_id and not exists (select 1 from work_itemreopening r where r.deliverable_id = d.id)
  ) then
    raise exception 'accepted' using errcode = 'check_violation', constraint = 'accepted_is_not_replaced';
  end if;
  return new;
end $$;

do $$
declare name text;
begin
  drop trigger if exists accepted_stands on work_deliverable;
  create trigger accepted_stands before insert on work_deliverable for each row execute function work_accepted_stands();
  foreach name in array array['assignment', 'itemfile', 'stepstate', 'deliverable', 'deliverablefile', 'review', 'acceptance', 'itemreopening'] loop
    execute format('drop trigger if exists closed_takes_nothing on work_%1$s', name);
    execute format('create trigger closed_takes_nothing before insert or update on work_%1$s for each row execute function work_takes_nothing_once_closed()', name);
  end loop;
  foreach name in array array['review', 'acceptance'] loop
    execute format('drop trigger if exists verdict_holds on work_%1$s', name);
    execute format('create trigger verdict_holds before insert on work_%1$s for each row execute function work_review_is_anothers()', name);
  end loop;
end $$;
