"""Call centre: calls and messages answered by script in the client's hours, listened to by sample, complaints handed on."""
