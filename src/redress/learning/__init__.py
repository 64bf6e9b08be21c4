"""Remedies and promises: what will be put right, by whom and by when."""
