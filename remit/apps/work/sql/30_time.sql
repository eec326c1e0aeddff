-- Time: nobody works in two places, a day has 24 hours, a closed month takes none, and what is billed is frozen.
-- They run as owner, so that they see what other organizations hold; they say only that the person is somewhere else.
create or replace function work_time_stands(entry uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select not exists (select 1 from work_timewithdrawal w where w.entry_id = entry) and not exists (select 1 from work_timeentry c where c.corrects_id = entry)
$$;
revoke execute on function work_time_stands(uuid) from public;

create or replace function work_time_is_taken() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare before work_timeentry%rowtype; total bigint;
begin
  -- Entries of one person stand in a row: two writers who met in the exclusion constraint would end in a deadlock.
  perform 1 from people_person where id = new.person_id for no key update;
  if new.corrects_id is not null then
    select * into before from work_timeentry where id = new.corrects_id;
    if before.person_id <> new.person_id then
      raise exception 'another person''s' using errcode = 'check_violation', constraint = 'time_is_anothers';
    end if;
    if exists (select 1 from work_billedtime b where b.entry_id = new.corrects_id) then
      raise exception 'billed' using errcode = 'check_violation', constraint = 'billed_time_is_frozen';
    end if;
    if exists (select 1 from work_timewithdrawal w where w.entry_id = new.corrects_id) then
      raise exception 'withdrawn' using errcode = 'check_violation', constraint = 'time_does_not_stand';
    end if;
    delete from work_presence where entry_id = new.corrects_id;
  end if;
  select sum(t.minutes) into total from work_timeentry t where t.person_id = new.person_id and t.done_on = new.done_on and work_time_stands(t.id);
  if total > 1440 then raise exception 'more than a day' using errcode = 'check_violation', constraint = 'day_has_24_hours'; end if;
  if new.begins_at is not null then
    insert into work_presence (id, audience_id, item_id, entry_id, person_id, during)
    values (new.id, new.audience_id, new.item_id, new.id, new.person_id, tstzrange(new.begins_at, new.ends_at));
  end if;
  return null;
end $$;

create or replace function work_time_is_withdrawn() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from work_billedtime b where b.entry_id = new.entry_id) then
    raise exception 'billed' using errcode = 'check_violation', constraint = 'billed_time_is_frozen';
  end if;
  if exists (select 1 from work_timeentry c where c.corrects_id = new.entry_id) then
    raise exception 'corrected' using errcode = 'check_violation', constraint = 'time_does_not_stand';
  end if;
  delete from work_presence where entry_id = new.entry_id;
  return null;
end $$;

create or replace function work_time_is_billed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not work_time_stands(new.entry_id) or (select t.unbilled_why <> '' from work_timeentry t where t.id = new.entry_id) then
    raise exception 'it does not count' using errcode = 'check_violation', constraint = 'time_does_not_stand';
  end if;
  return null;
end $$;

do $$
declare name text;
begin
  foreach name in array array['timeentry', 'timewithdrawal'] loop
    execute format('drop trigger if exists closed_takes_nothing on work_%1$s', name);
    execute format('create trigger closed_takes_nothing before insert or update on work_%1$s for each row execute function work_takes_nothing_once_closed()', name);
  end loop;
end $$;
drop trigger if exists is_taken on work_timeentry;
create trigger is_taken after insert on work_timeentry for each row execute function work_time_is_taken();
drop trigger if exists is_withdrawn on work_timewithdrawal;
create trigger is_withdrawn after insert on work_timewithdrawal for each row execute function work_time_is_withdrawn();
drop trigger if exists is_billed on work_billedtime;
create trigger is_billed after insert on work_billedtime for each row execute function work_time_is_billed();
