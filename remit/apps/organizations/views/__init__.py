"""The pages of an organization: facts, sites, entities, members and their roles, rate cards, designations and tokens."""
