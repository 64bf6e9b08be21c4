"""Councils, their services, categories, closures and the procedures that they have adopted."""
