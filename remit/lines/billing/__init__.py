"""Billing: invoices drawn from what was done and agreed, checked against the payer's rules, sent, and followed up."""
