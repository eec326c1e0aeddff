"""What a guest sees: the page of a link, the code that opens it, and the one thing that it is for."""
