-- Who acts, as set by the program inside each transaction. Without a context these raise: an empty page looks like the truth.
create or replace function my_organization() returns uuid language plpgsql stable as $$
declare value text := nullif(current_setting('remit.organization', true), '');
begin
  if value is null then raise exception 'no organization is set in this transaction' using errcode = 'insufficient_privilege'; end if;
  return value::uuid;
end $$;

create or replace function my_principal() returns uuid language plpgsql stable as $$
declare value text := nullif(current_setting('remit.principal', true), '');
begin
  if value is null then raise exception 'no principal is set in this transaction' using errcode = 'insufficient_privilege'; end if;
  return value::uuid;
end $$;

create or replace function my_instant() returns timestamptz language plpgsql stable as $$
declare value text := nullif(current_setting('remit.instant', true), '');
begin
  if value is null then raise exception 'no instant is set in this transaction' using errcode = 'insufficient_privilege'; end if;
  return value::timestamptz;
end $$;

-- A log-in need not be tied to a person on Remit.
create or replace function my_person() returns uuid language sql stable as $$
  select nullif(current_setting('remit.person', true), '')::uuid
$$;

-- The link by which a guest came in; null for whoever has a log-in.
create or replace function my_guest() returns uuid language sql stable as $$
  select nullif(current_setting('remit.guest', true), '')::uuid
$$;

-- Under which key an organization's jobs read what is personal and therefore not open to its members; nobody else acts under it.
create or replace function job_principal(organization uuid) returns uuid language sql immutable as $$
  select md5('job:' || organization::text)::uuid
$$;

-- Whose reading rights count beside the principal's: the membership's or the deputy's; of a job those of its organization's jobs.
create or replace function my_membership() returns uuid language sql stable as $$
  select case when nullif(current_setting('remit.job', true), '') is null
    then nullif(current_setting('remit.membership', true), '')::uuid else job_principal(my_organization()) end
$$;

-- Whether all that the member is granted is narrower than the organization.
create or replace function my_scoped() returns boolean language sql stable as $$
  select coalesce(current_setting('remit.scoped', true), '') <> ''
$$;

-- Whose own rows are open: the acting organization's to its members and jobs, nobody's to a guest.
create or replace function my_own() returns uuid language sql stable as $$
  select case when my_guest() is null then my_organization() end
$$;
