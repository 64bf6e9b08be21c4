"""Checks of responses before they go."""
