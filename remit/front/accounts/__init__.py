"""Log-ins: signing in, second factors, passwords, devices, and what the holder of a log-in sees of it."""
