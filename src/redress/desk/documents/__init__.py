"""Documents on the desk: opening one, adding one to a case."""
