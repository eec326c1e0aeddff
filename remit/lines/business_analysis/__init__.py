"""Business analysis: how work runs today, what it costs, what may be changed, with the reckoning laid open."""
