"""Documents: what was received or made, its digest, its scan, and who may open it."""
