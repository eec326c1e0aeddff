"""Worked months of made-up firms, and the program that writes them."""
