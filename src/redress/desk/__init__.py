"""The staff's way in: pages that translate an address or a form into one query or one step."""
