-- Whether the reader sees every entity under an agreement, all of which its signed paper names.
create or replace function sees_all_agreed(asked uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select not exists (
    select 1 from agreements_agreedentity e where e.agreement_id = asked and not sees_entity(e.audience_id, e.entity_id)
  )
$$;
