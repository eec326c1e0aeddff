"""Data analysis: data checked, a question answered by a program that runs again to the same figures."""
