-- A review that is under way ends with the bytes that it is about: nothing is noted or looked at on what was superseded, or in a closed period.
create or replace function work_review_is_under_way() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare made work_deliverable%rowtype; newest int;
begin
  if tg_table_name = 'work_reviewsampled' then
    select d.* into made from work_deliverable d join work_reviewsample s on s.deliverable_id = d.id where s.id = (to_jsonb(new) ->> 'sample_id')::uuid;
  else
    select * into made from work_deliverable where id = (to_jsonb(new) ->> 'deliverable_id')::uuid;
  end if;
  if work_period_is_closed(made.item_id) then
    raise exception 'the period is closed' using errcode = 'check_violation', constraint = 'closed_period_takes_nothing';
  end if;
  select max(number) into newest from work_deliverable where item_id = made.item_id;
  if made.number <> newest then
    raise exception 'not the newest bytes' using errcode = 'check_violation', constraint = 'review_ends_with_its_bytes';
  end if;
  if exists (select 1 from work_review where deliverable_id = made.id) and tg_table_name <> 'work_findinganswer' then
    raise exception 'the verdict is given' using errcode = 'check_violation', constraint = 'review_is_over';
  end if;
  return new;
end $$;

do $$
declare name text;
begin
  foreach name in array array['reviewsampled', 'findingdraft', 'findinganswer'] loop
    execute format('drop trigger if exists review_under_way on work_%1$s', name);
    execute format('create trigger review_under_way before insert or update on work_%1$s for each row execute function work_review_is_under_way()', name);
  end loop;
  foreach name in array array['procedureadoption', 'checkoverride'] loop
    execute format('drop trigger if exists closed_takes_nothing on work_%1$s', name);
    execute format('create trigger closed_takes_nothing before insert or update on work_%1$s for each row execute function work_takes_nothing_once_closed()', name);
  end loop;
end $$;
