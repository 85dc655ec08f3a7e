"""How well the lines and pages of a finished PDF are set, measured from the file alone."""
