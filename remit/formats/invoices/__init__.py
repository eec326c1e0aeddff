"""E-invoices: written as EN 16931 in UBL, read and checked in UBL, CII and PDF by the official rules."""
