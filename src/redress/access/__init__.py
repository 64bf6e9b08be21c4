"""Who may do what, and who did what: the keys and the visitors' book."""
