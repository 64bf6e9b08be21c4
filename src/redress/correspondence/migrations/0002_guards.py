"""A released letter is frozen: the database itself refuses to change its words, its PDF or its identity."""

from __future__ import annotations

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION redress_refuse_frozen_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('redress.rewriting', true) = 'allowed' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE'
    ) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF OLD.released_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.case_id, NEW.to_id, NEW.kind, NEW.subject, NEW.salutation, NEW.blocks,
        NEW.document_id, NEW.message_id, NEW.starts, NEW.starts_data, NEW.released_at, NEW.released_by)
        IS DISTINCT FROM (OLD.case_id, OLD.to_id, OLD.kind, OLD.subject, OLD.salutation, OLD.blocks,
        OLD.document_id, OLD.message_id, OLD.starts, OLD.starts_data, OLD.released_at, OLD.released_by) THEN
        RAISE EXCEPTION 'this letter was released and is frozen: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_released_letter_is_frozen BEFORE UPDATE OR DELETE ON correspondence_letter
    FOR EACH ROW EXECUTE FUNCTION redress_refuse_frozen_letter();
"""

THAW = """
DROP TRIGGER a_released_letter_is_frozen ON correspondence_letter;
DROP FUNCTION redress_refuse_frozen_letter();
"""


class Migration(migrations.Migration):
    """Put the guard on the letters."""

    dependencies = [("correspondence", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
