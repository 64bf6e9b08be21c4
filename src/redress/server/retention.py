"""How long is kept what the installation knows of itself?"""

from redress.plumbing.keeping import fields, kept

FIELDS = fields(kept("Installation", "only identity kind made_at", after="for as long as the installation stands"))
