"""The front door: settings, urls, templates, command line, demo."""
