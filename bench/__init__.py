"""The benchmarks: each is a command that prints a ratio, so that it means the same on any machine."""
