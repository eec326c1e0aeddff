-- A person's allocations may never add up to more than their capacity at any instant, whoever promised them.
-- Runs as owner, so that it sees what other organizations promised; it says only "not free".
create or replace function people_capacity_holds() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare peak int;
begin
  perform 1 from people_person where id = new.person_id for update;
  -- The sum changes only where an allocation begins: look at the new one's beginning and at those that begin inside it.
  select max(total) into peak from (
    select (select sum(a.share_percent) from people_allocation a where a.person_id = new.person_id and a.during @> starts.at) as total
    from (
      select lower(new.during) as at
      union
      select lower(b.during) from people_allocation b where b.person_id = new.person_id and b.during && new.during and lower(b.during) >= lower(new.during)
    ) starts
  ) totals;
  if peak > 100 then raise exception 'not free' using errcode = 'exclusion_violation', constraint = 'person_capacity'; end if;
  return null;
end $$;
drop trigger if exists capacity_holds on people_allocation;
create trigger capacity_holds after insert or update on people_allocation for each row execute function people_capacity_holds();

-- Bookings of one person stand in a row: two writers who met in the exclusion constraint would wait for each other, and one would end in a deadlock.
create or replace function people_booking_waits() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from people_person where id = new.person_id for no key update;
  -- Who is away is not free, for whoever asks; a booking that was there first may be shortened.
  if tg_table_name = 'people_booking' and (tg_op = 'INSERT' or not new.during <@ old.during) and exists (
    select 1 from people_absence a where a.person_id = new.person_id and a.during && new.during
    and not exists (select 1 from people_absencewithdrawal w where w.absence_id = a.id)
  ) then
    raise exception 'not free' using errcode = 'exclusion_violation', constraint = 'person_is_away';
  end if;
  return new;
end $$;
drop trigger if exists absence_waits on people_absence;
create trigger absence_waits before insert on people_absence for each row execute function people_booking_waits();
drop trigger if exists booking_waits on people_booking;
create trigger booking_waits before insert or update on people_booking for each row execute function people_booking_waits();

-- A membership names a person who exists; the key is checked at commit, so that membership and person may come in one transaction.
do $$
begin
  if not exists (select 1 from pg_constraint where conname = 'membership_person_exists') then
    alter table organizations_membership add constraint membership_person_exists foreign key (person_id) references people_person (id) deferrable initially deferred;
  end if;
end $$;
