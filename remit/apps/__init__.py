"""The memory and the screens: what is stored, and the actions that change it."""
