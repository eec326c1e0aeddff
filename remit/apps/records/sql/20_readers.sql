-- Reading rights follow participation; only this trigger writes them.
create or replace function records_derive_reader() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into records_reader (principal, audience_id, participation_id, since, until)
      values (new.tenant_id, new.audience_id, new.id, new.since, new.until);
  else
    update records_reader set since = new.since, until = new.until where participation_id = new.id and principal = new.tenant_id;
    -- Who reads by this participation (a guest) reads no longer than it lasts, and what was ended before stays ended.
    update records_reader set until = least(until, new.until) where participation_id = new.id and principal <> new.tenant_id;
  end if;
  return new;
end $$;
drop trigger if exists derive_reader on records_participation;
create trigger derive_reader after insert or update on records_participation for each row execute function records_derive_reader();

-- The record only grows, whoever asks; the owner too must drop this trigger first.
create or replace function records_only_grows() returns trigger language plpgsql as $$
begin
  raise exception 'the record only grows: % of % is refused', lower(tg_op), tg_table_name using errcode = 'insufficient_privilege';
end $$;
do $$
declare name text;
begin
  foreach name in array array['records_entry', 'records_leaf', 'records_head', 'records_rollupleaf', 'records_checkpoint'] loop
    execute format('drop trigger if exists only_grows on %I', name);
    execute format('create trigger only_grows before update or delete on %I for each row execute function records_only_grows()', name);
    execute format('drop trigger if exists never_emptied on %I', name);
    execute format('create trigger never_emptied before truncate on %I for each statement execute function records_only_grows()', name);
  end loop;
end $$;
