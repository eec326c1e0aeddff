-- Whether a brief is awarded, also for whoever reads the brief and not its award (personal matters): it is not changed or awarded again. It tells nothing else.
create or replace function brief_is_awarded(asked uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select 1 from sourcing_award a where a.brief_id = asked)
$$;
