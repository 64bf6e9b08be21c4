"""The mark of an installation, which can be written once and never changed or removed."""

from django.db import migrations, models

FIXED = """
CREATE FUNCTION server_installation_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The kind of an installation is settled when it is made.';
END $$;
CREATE TRIGGER server_installation_is_fixed BEFORE UPDATE OR DELETE ON server_installation
    FOR EACH ROW EXECUTE FUNCTION server_installation_is_fixed();
CREATE TRIGGER server_installation_stays BEFORE TRUNCATE ON server_installation
    FOR EACH STATEMENT EXECUTE FUNCTION server_installation_is_fixed();
"""
UNDO = """
DROP TRIGGER server_installation_stays ON server_installation;
DROP TRIGGER server_installation_is_fixed ON server_installation;
DROP FUNCTION server_installation_is_fixed();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("identity", models.UUIDField()),
                (
                    "kind",
                    models.CharField(choices=[("demonstration", "demonstration"), ("real", "real")], max_length=20),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="there_is_one_installation"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["demonstration", "real"])),
                        name="an_installation_is_demonstration_or_real",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, UNDO),
    ]
