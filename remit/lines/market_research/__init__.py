"""Market research: a question answered from kept sources and fieldwork, each figure traceable to where it came from."""
