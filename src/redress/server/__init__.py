"""Puts the parts together: settings, addresses, start-up and the `redress` command."""
