"""Officers, their roles and teams, absence, cover, and what they have been told."""
