"""External tools, a module each: it finds the tool, runs it and reads its output."""
