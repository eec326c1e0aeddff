"""What the pages of work say beside the house's own filters."""
