"""Taking over running relations: the files read, the plan worked out, and the plan carried out in one transaction."""
