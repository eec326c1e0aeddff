"""The pages about people: who works here, what proves it, whom they may not serve, and what the market sees."""
