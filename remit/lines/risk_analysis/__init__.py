"""Risk analysis: exposures measured twice by independent hands, limits watched, scenarios worked through."""
