"""A finding that was sent is fixed: the database itself refuses to change it."""

from __future__ import annotations

from django.db import migrations

FIX = """
CREATE OR REPLACE FUNCTION redress_refuse_fixed_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('redress.rewriting', true) = 'allowed' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF OLD.fixed_at IS NOT NULL THEN
        RAISE EXCEPTION 'this finding went out with its answer and is fixed: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
END
$$;
CREATE TRIGGER a_sent_finding_is_fixed BEFORE UPDATE OR DELETE ON cases_finding
    FOR EACH ROW EXECUTE FUNCTION redress_refuse_fixed_finding();
"""

UNFIX = """
DROP TRIGGER a_sent_finding_is_fixed ON cases_finding;
DROP FUNCTION redress_refuse_fixed_finding();
"""


class Migration(migrations.Migration):
    """Put the guard on the findings."""

    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(FIX, UNFIX)]
