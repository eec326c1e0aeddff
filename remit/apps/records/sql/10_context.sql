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

-- Whose own rows are open: the acting organization's to its members and jobs, nobody's to a guest.
create or replace function my_own() returns uuid language sql stable as $$
  select case when my_guest() is null then my_organization() end
$$;
