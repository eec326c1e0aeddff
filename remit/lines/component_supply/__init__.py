"""Component supply: parts made or bought to a drawing, delivered by lot with their measurements, counted and accepted."""
