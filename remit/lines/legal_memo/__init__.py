"""A legal memo for the attorney who answers for it: question, facts, authorities, discussion, conclusion."""
