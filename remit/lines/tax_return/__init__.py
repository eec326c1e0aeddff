"""Tax returns: papers gathered, figures derived and checked, the return made ready for whoever may sign it."""
