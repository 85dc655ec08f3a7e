"""What a finished file holds, read for the checks."""
