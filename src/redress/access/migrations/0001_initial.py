from django.db import migrations, models

from redress.access.append_only import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Detail",
            fields=[
                ("entry_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("salt", models.BinaryField()),
                ("body", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("entries", models.BigIntegerField()),
                ("heads", models.JSONField()),
                ("root", models.BinaryField()),
                ("looks", models.BigIntegerField(default=0)),
                ("looks_until", models.DateTimeField()),
                ("looks_digest", models.BinaryField()),
                ("prev", models.BinaryField()),
                ("key", models.CharField(max_length=64)),
                ("signature", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("name", models.CharField(db_collation="C", max_length=80, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("sealed_seq", models.BigIntegerField(default=0)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("step", models.CharField(max_length=120)),
                ("actor", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=200)),
                ("about", models.CharField(max_length=64)),
                ("answer", models.JSONField(null=True)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["answered_at"], name="answer_by_age")],
                "constraints": [models.UniqueConstraint(fields=("step", "actor", "key"), name="one_answer_to_a_key")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("stream", models.CharField(db_collation="C", max_length=80)),
                ("seq", models.BigIntegerField()),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("kind", models.CharField(db_collation="C", max_length=80)),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=20)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("step", models.CharField(max_length=120)),
                ("ids", models.JSONField(default=dict)),
                ("digest", models.BinaryField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ("stream", "seq"),
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "seq"), name="trail_entry_has_one_place_in_its_stream"),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="trail_entry_seq_starts_at_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.CharField(db_collation="C", max_length=80)),
                ("by_kind", models.CharField(max_length=20)),
                ("by_id", models.BigIntegerField()),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("quarter", models.DateTimeField()),
            ],
            options={
                "ordering": ("quarter", "stream", "by_kind", "by_id"),
                "indexes": [models.Index(fields=["stream", "-quarter"], name="look_by_stream")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quarter", "stream", "by_kind", "by_id"), name="look_once_a_quarter_of_an_hour"
                    )
                ],
            },
        ),
        Protect("access_entry"),
        Protect("access_detail"),
        Protect("access_seal"),
        Protect("access_look"),
        # The head of a chain changes with every step on its record. Room left on each page lets the new version of the
        # row stand beside the old one, without touching an index.
        migrations.RunSQL(
            "ALTER TABLE access_stream SET (fillfactor = 60)",
            "ALTER TABLE access_stream RESET (fillfactor)",
        ),
    ]
