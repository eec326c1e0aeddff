"""The public pages, and the tags and parts of pages that every screen uses."""
