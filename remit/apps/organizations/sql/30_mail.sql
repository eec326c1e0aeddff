-- Mails whose turn it is at an instant of the real clock: asked across organizations by the job that sends them, gives keys only.
create or replace function mails_due(at timestamptz, most int) returns table (message uuid, organization uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, m.organization_id from organizations_message m
  where m.sent_at is null and m.failed_at is null and not m.is_held and (m.next_try_at is null or m.next_try_at <= at)
  order by m.made_at limit most
$$;

-- Whether a mail that came in was handled before; by the hash that names it, which nobody guesses.
create or replace function mail_is_handled(asked varchar) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select 1 from organizations_receivedmail r where r.key = asked)
$$;

-- Mails that were handled and still lie in a mailbox, by their number there.
create or replace function mails_handled_in(asked varchar) returns setof varchar language sql stable security definer set search_path = public, pg_temp as $$
  select r.uid from organizations_receivedmail r where r.mailbox = asked
$$;

-- Whether an address was told lately that a mail of its could not be placed; the answer leaves the program in no form.
create or replace function address_was_answered(address varchar, since timestamptz) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select 1 from organizations_receivedmail r where r.from_email = address and r.answered_at > since)
$$;

-- The organization that runs the installation: the oldest.
create or replace function operator_organization() returns uuid language sql stable security definer set search_path = public, pg_temp as $$
  select o.tenant_id from organizations_organization o join records_tenant t on t.id = o.tenant_id order by t.created_at, t.id limit 1
$$;

-- In whose outbox a mail about a log-in stands: the one organization of all its memberships in force, else the operator's.
create or replace function home_of_user(asked uuid, at timestamptz) returns uuid language sql stable security definer set search_path = public, pg_temp as $$
  select case when count(distinct m.organization_id) = 1 then min(m.organization_id::text)::uuid else operator_organization() end
  from organizations_membership m where m.user_id = asked and (m.until is null or m.until > at)
$$;
