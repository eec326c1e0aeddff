"""Payroll: each month's wages worked out from what changed, checked and handed over; the licensed program computes and files."""
