"""A document never changes, and what the scanner said of it neither: the database refuses by itself."""

from __future__ import annotations

from django.db import migrations

from redress.access.append_only import Protect


class Migration(migrations.Migration):
    """Put the guards on the documents and their scans."""

    dependencies = [("access", "0001_initial"), ("documents", "0001_initial")]

    operations = [Protect("documents_document"), Protect("documents_scan")]
