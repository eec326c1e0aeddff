"""The pages of the work stage: staff, deliver, close."""
