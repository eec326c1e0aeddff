"""Investment analysis: companies and portfolios worked through on kept data, for whoever decides and answers to the investor."""
