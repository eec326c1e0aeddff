"""The papers: bytes in, values out, and back."""
