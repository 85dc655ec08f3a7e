"""Checks of finished EPUBs against the standards and the stores' rules."""
