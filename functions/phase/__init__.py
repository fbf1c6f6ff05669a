"""The phase functions: one handler, deployed three times with another PHASE."""
