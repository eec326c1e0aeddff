"""The demonstration: a small living market, built by calling the actions under a demo clock."""
