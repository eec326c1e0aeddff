-- Whether what an entry or a link is about lies within what a scoped member is granted: they read the whole audience, or the thing itself, which for those who
-- are granted one entity is that entity's or all entities' alike.
create or replace function reaches_object(asked_audience uuid, asked uuid) returns boolean language sql stable as $$
  select sees_entity(asked_audience, null)
    or exists (select 1 from agreements_agreement t where t.id = asked)
    or exists (select 1 from agreements_engagement t where t.id = asked)
    or exists (select 1 from agreements_agreedentity t where t.id = asked)
    or exists (select 1 from agreements_agreedline t where t.id = asked)
    or exists (select 1 from work_period t where t.id = asked)
    or exists (select 1 from work_workitem t where t.id = asked)
    or exists (select 1 from work_assignment t where t.id = asked)
    or exists (select 1 from work_itemfile t where t.id = asked)
    or exists (select 1 from work_stepstate t where t.id = asked)
    or exists (select 1 from work_deliverable t where t.id = asked)
    or exists (select 1 from work_deliverablefile t where t.id = asked)
    or exists (select 1 from work_review t where t.id = asked)
    or exists (select 1 from work_acceptance t where t.id = asked)
    or exists (select 1 from work_request t where t.id = asked)
    or exists (select 1 from work_openingtime t where t.id = asked)
    or exists (select 1 from work_answer t where t.id = asked)
    or exists (select 1 from work_settlement t where t.id = asked)
    or exists (select 1 from billing_invoice t where t.id = asked)
$$;
