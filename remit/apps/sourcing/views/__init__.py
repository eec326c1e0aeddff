"""The pages from the function to the award."""
