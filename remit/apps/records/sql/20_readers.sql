-- Reading rights follow participation; only this trigger writes them.
create or replace function records_derive_reader() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare derived uuid := new.tenant_id;
begin
  -- What is personal is open to no member by participation; the organization's jobs go on.
  if (select a.personal from records_audience a where a.id = new.audience_id) then derived := job_principal(new.tenant_id); end if;
  if tg_op = 'INSERT' then
    insert into records_reader (principal, audience_id, participation_id, since, until)
      values (derived, new.audience_id, new.id, new.since, new.until);
  else
    update records_reader set since = new.since, until = new.until where participation_id = new.id and principal = derived;
    -- Who reads by this participation (a guest) reads no longer than it lasts, and what was ended before stays ended.
    update records_reader set until = least(until, new.until) where participation_id = new.id and principal <> derived;
  end if;
  return new;
end $$;
drop trigger if exists derive_reader on records_participation;
create trigger derive_reader after insert or update on records_participation for each row execute function records_derive_reader();

-- Whether of an entity's rows in an audience something is read: everything of it, or that entity's. Asked for scoped members only.
create or replace function sees_entity(asked_audience uuid, asked_entity uuid) returns boolean language sql stable as $$
  select exists (
    select 1 from records_reader r
    where r.audience_id = asked_audience and r.principal in (my_principal(), my_membership())
      and r.since <= my_instant() and (r.until is null or r.until > my_instant())
      and (r.entity_id is null or r.entity_id = asked_entity)
  )
$$;

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
