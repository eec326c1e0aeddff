"""Court transcripts: hours of audio typed, proofread against the sound, laid out as the court wants, certified by whoever may."""
