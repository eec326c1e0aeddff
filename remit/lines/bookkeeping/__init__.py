"""Running bookkeeping: a month's bank account and ledger brought together, checked and handed over."""
