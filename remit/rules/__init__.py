"""The law of the place: one dated file per jurisdiction, data only."""
