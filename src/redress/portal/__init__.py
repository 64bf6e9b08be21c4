"""The public's way in: how to complain, the form, following a case."""
