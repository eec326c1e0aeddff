"""Bank statements: read in any of four forms, and checked."""
