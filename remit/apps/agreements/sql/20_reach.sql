-- Whether one of the organization's own entities lies within what a scoped member is granted: named by a grant, or by an agreement that they read.
create or replace function reaches_entity(asked uuid) returns boolean language sql stable as $$
  select my_grants_name(asked) or exists (select 1 from agreements_agreedentity e where e.entity_id = asked)
$$;
