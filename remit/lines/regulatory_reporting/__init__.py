"""Regulatory reporting: returns to supervisors and registers filled from the books, validated, and filed by whoever may."""
