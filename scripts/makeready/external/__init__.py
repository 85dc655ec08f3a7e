"""External tools: one module each, which finds the tool, runs it and reads what it says."""
