"""The record: decisions as signed-for statements, their Merkle logs, checkpoints and commitments, all as pure values."""
