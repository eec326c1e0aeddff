"""The pages of billing and review."""
