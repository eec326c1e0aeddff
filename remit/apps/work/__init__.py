"""Staff and deliver: assignments, work items, deliverables, reviews, and the period that is closed and sealed."""
