"""The services: one folder each, found by its folder and listed nowhere."""
