"""Redress: complaints handling for councils, from the first e-mail to a closed Stage 2."""

__version__ = "0.1.0"
