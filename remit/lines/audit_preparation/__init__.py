"""Audit preparation: the auditor's list answered, schedules drawn from the books, samples pulled, open points tracked."""
