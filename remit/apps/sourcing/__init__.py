"""Assess, brief, select: from a function that might leave the house to the award."""
