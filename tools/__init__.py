"""Commands for those who work on Redress itself."""
