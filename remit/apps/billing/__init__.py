"""Bill and review: invoices drawn from accepted work, and figures that the other side can recompute."""
