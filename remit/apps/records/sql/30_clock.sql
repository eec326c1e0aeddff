-- The demo's clock may never go back behind what was decided: one instant over all logs.
create or replace function newest_entry_at() returns timestamptz language sql stable security definer set search_path = public, pg_temp as $$
  select max(decided_at) from records_entry
$$;
