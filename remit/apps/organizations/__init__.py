"""Users, organizations, memberships, roles, sites, entities, designations and rate cards."""
