"""The long counts: what is done a hundred or a hundred thousand times, with chance that a seed repeats."""
