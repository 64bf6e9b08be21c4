"""The queue of what came in, and logging it side by side."""
