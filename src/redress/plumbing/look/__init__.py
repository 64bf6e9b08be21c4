"""How does a page look, and what does it need to be told?

Frames, fields, clocks and lists as plain values; the template tags in ``templatetags/redress.py`` draw them.
Example: ``from redress.plumbing.look.frame import Action; Action("Hand over", href="/desk/cases/7/hand-over/")``.
"""
