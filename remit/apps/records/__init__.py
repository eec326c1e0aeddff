"""Tenants, threads, audiences, files and logs: what every other app rests on."""
