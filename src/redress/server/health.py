"""Is the service ready? Asked by `/health`, by scripts and by whoever watches it.

{"ready": true, "database": true, "migrations": true, "worker": {"running": true, "seconds": 2.1}, "seal": "…"}
"""

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

# The worker gives a sign every five seconds.
WORKER_SILENT_SECONDS = 30.0

_migrated = False


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can work, else 503; what the worker and the seals do is told beside it."""
    found = look()
    return JsonResponse(found, status=200 if found["ready"] else 503)


def look() -> dict[str, Any]:
    """Return what `/health` tells."""
    try:
        migrated = _is_migrated()
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(extract(epoch FROM now() - last_heartbeat)) FROM procrastinate_workers")
            silent = cursor.fetchone()[0]
            cursor.execute("SELECT max(at) FROM access_seal")
            sealed = cursor.fetchone()[0]
    except DatabaseError:
        connection.close()
        return {"ready": False, "database": False, "migrations": False, "worker": {"running": False}, "seal": None}
    seconds = None if silent is None else round(float(silent), 1)
    return {
        "ready": migrated,
        "database": True,
        "migrations": migrated,
        "worker": {"running": seconds is not None and seconds < WORKER_SILENT_SECONDS, "seconds": seconds},
        "seal": None if sealed is None else sealed.isoformat(),
    }


def _is_migrated() -> bool:
    """Tell whether the tables are those of this release; asked of the database until it is so, then remembered."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        connection.ensure_connection()
    return _migrated
