"""Work asked of services."""
