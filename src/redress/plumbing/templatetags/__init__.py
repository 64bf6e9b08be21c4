"""Template tags of Redress: ``{% load redress %}`` in a page gives all of them."""
