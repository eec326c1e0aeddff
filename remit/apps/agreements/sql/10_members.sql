-- What a member reads by a grant narrower than the organization: an engagement's audience, those of engagements that name an entity (that entity's rows of
-- them), those of a service's engagements, agreements and briefs. It lasts as long as grant, membership and the organization's participation all do.
-- A deputy reads so by the grants of whoever is away, and what is personal only where that member named them. What is personal is opened by a grant of an engagement or a service, never by one of an entity.
create or replace function members_readings(asked uuid, only_audience uuid, only_membership uuid)
returns table (principal uuid, audience_id uuid, participation_id uuid, entity_id uuid, since timestamptz, until timestamptz)
language sql stable set search_path = public, pg_temp as $$
  with holder as (
    select m.id as principal, m.id as membership, '{}'::varchar[] as roles, true as hands_on, m.since, m.until
    from organizations_membership m
    where m.organization_id = asked and m.user_id is not null and (only_membership is null or m.id = only_membership)
    union all
    select d.id, x.id, d.roles, coalesce(d.named_by = x.user_id, false), greatest(d.since, x.since, y.since), least(d.until, d.ended_at, x.until, y.until)
    from organizations_deputy d join organizations_membership x on x.id = d.away_id join organizations_membership y on y.id = d.deputy_id
    where d.organization_id = asked and (only_membership is null or only_membership in (x.id, y.id))
  ),
  held as (
    select h.principal, h.hands_on, g.scope, g.scope_id, g.scope_field, greatest(h.since, g.since) as since, least(h.until, g.until) as until
    from holder h join organizations_grant g on g.membership_id = h.membership
    where g.scope <> 'organization' and (cardinality(h.roles) = 0 or g.role = any (h.roles))
  ),
  share as (
    select p.id, p.audience_id, p.since, p.until, a.thread_id, a.personal
    from records_participation p join records_audience a on a.id = p.audience_id
    where p.tenant_id = asked and (only_audience is null or p.audience_id = only_audience)
  ),
  reached as (
    select h.principal, s.id as share, null::uuid as entity, h.since, h.until from holder h join share s on s.thread_id is null
    union all
    select h.principal, s.id, null, h.since, h.until
    from held h join agreements_agreement a on a.engagement_key = h.scope_id join share s on s.audience_id = a.audience_id
    where h.scope = 'engagement' and (h.hands_on or not s.personal)
    union all
    select h.principal, s.id, null, h.since, h.until
    from held h join agreements_engagement e on e.id = h.scope_id join share s on s.audience_id = e.audience_id
    where h.scope = 'engagement' and (h.hands_on or not s.personal)
    union all
    select h.principal, s.id, h.scope_id, h.since, h.until
    from held h join agreements_agreedentity e on e.entity_id = h.scope_id join share s on s.audience_id = e.audience_id
    where h.scope = 'entity' and not s.personal
    union all
    select h.principal, s.id, null, h.since, h.until
    from held h join agreements_agreement a on a.service = h.scope_field join share s on s.audience_id = a.audience_id
    where h.scope = 'field' and (h.hands_on or not s.personal)
    union all
    select h.principal, s.id, null, h.since, h.until
    from held h join sourcing_award w on w.terms ->> 'service' = h.scope_field join share s on s.audience_id = w.audience_id
    where h.scope = 'field' and (h.hands_on or not s.personal)
    union all
    select h.principal, s.id, null, h.since, h.until
    from held h join sourcing_brief b on b.service = h.scope_field join share s on s.audience_id = b.audience_id
    where h.scope = 'field' and (h.hands_on or not s.personal)
  )
  select distinct r.principal, s.audience_id, s.id, r.entity, greatest(r.since, s.since), least(r.until, s.until)
  from reached r join share s on s.id = r.share
  where coalesce(least(r.until, s.until) > greatest(r.since, s.since), true)
$$;
revoke execute on function members_readings(uuid, uuid, uuid) from public;

-- Lays an organization's members' readings anew: all of them, of one audience, or of one member and their deputies. One at a time for an organization, so that
-- whoever waited sees what the other wrote.
create or replace function derive_members(asked uuid, only_audience uuid default null, only_membership uuid default null) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('members ' || asked::text, 0));
  delete from records_reader r
    where (only_audience is null or r.audience_id = only_audience) and r.principal in (
      select m.id from organizations_membership m where m.organization_id = asked and (only_membership is null or m.id = only_membership)
      union all
      select d.id from organizations_deputy d where d.organization_id = asked and (only_membership is null or only_membership in (d.away_id, d.deputy_id))
    );
  insert into records_reader (principal, audience_id, participation_id, entity_id, since, until)
    select * from members_readings(asked, only_audience, only_membership);
end $$;
revoke execute on function derive_members(uuid, uuid, uuid) from public;

-- The members of everybody who takes part in an audience.
create or replace function derive_audience(asked uuid) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare part uuid;
begin
  for part in select distinct p.tenant_id from records_participation p where p.audience_id = asked order by 1 loop
    perform derive_members(part, asked);
  end loop;
end $$;
revoke execute on function derive_audience(uuid) from public;

create or replace function members_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  case tg_table_name
    when 'organizations_membership' then perform derive_members((changed ->> 'organization_id')::uuid, null, (changed ->> 'id')::uuid);
    when 'organizations_grant' then perform derive_members((changed ->> 'organization_id')::uuid, null, (changed ->> 'membership_id')::uuid);
    when 'organizations_deputy' then perform derive_members((changed ->> 'organization_id')::uuid, null, (changed ->> 'away_id')::uuid);
    when 'records_participation' then perform derive_members((changed ->> 'tenant_id')::uuid, (changed ->> 'audience_id')::uuid);
    when 'agreements_agreedentity' then
      if exists (select 1 from organizations_grant g where g.scope = 'entity' and g.scope_id = (changed ->> 'entity_id')::uuid) then
        perform derive_audience((changed ->> 'audience_id')::uuid);
      end if;
    else perform derive_audience((changed ->> 'audience_id')::uuid);
  end case;
  return null;
end $$;

-- As an engagement begins whose agreement is of personal matters, participation stops opening it: from here on each member reads by a grant of their own, and
-- the organizations' jobs go on.
create or replace function agreements_close_personal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select a.personal from agreements_agreement a where a.id = new.agreement_id) then
    update records_audience set personal = true where id = new.audience_id;
    update records_reader r set principal = job_principal(r.principal)
      from records_participation p where p.id = r.participation_id and p.audience_id = new.audience_id and r.principal = p.tenant_id;
  end if;
  return null;
end $$;
drop trigger if exists close_personal on agreements_engagement;
create trigger close_personal after insert on agreements_engagement for each row execute function agreements_close_personal();

do $$
declare what text;
begin
  foreach what in array array['organizations_membership', 'organizations_grant', 'organizations_deputy', 'records_participation', 'agreements_engagement'] loop
    execute format('drop trigger if exists members_follow on %I', what);
    execute format('create trigger members_follow after insert or update on %I for each row execute function members_follow()', what);
  end loop;
end $$;
drop trigger if exists members_follow on agreements_agreedentity;
create trigger members_follow after insert or update or delete on agreements_agreedentity for each row execute function members_follow();
drop trigger if exists members_follow on sourcing_award;
create trigger members_follow after insert on sourcing_award for each row execute function members_follow();
drop trigger if exists members_follow on agreements_agreement;
create trigger members_follow after insert on agreements_agreement for each row execute function members_follow();
drop trigger if exists members_follow_key on agreements_agreement;
create trigger members_follow_key after update on agreements_agreement for each row
  when (old.engagement_key is distinct from new.engagement_key) execute function members_follow();
drop trigger if exists members_follow on sourcing_brief;
create trigger members_follow after insert on sourcing_brief for each row execute function members_follow();
drop trigger if exists members_follow_service on sourcing_brief;
create trigger members_follow_service after update on sourcing_brief for each row
  when (old.service is distinct from new.service) execute function members_follow();

-- What was granted before this was derived.
do $$
declare one uuid;
begin
  for one in select tenant_id from organizations_organization loop perform derive_members(one); end loop;
end $$;
