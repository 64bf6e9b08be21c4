"""How does a child process end with its parent, and what does each child do?

The supervisor starts `redress web` and `redress worker` as children. On Linux the kernel ends them with it, even on
kill -9; everywhere, a pipe from the parent tells the same: when its other end closes, the parent is gone.
"""

import os
import signal
import threading
import time

from redress.plumbing import unprivileged
from redress.server.environment import Environment

PIPE = "REDRESS_PARENT"
_PATIENCE_SECONDS = 8.0


def end_with_parent() -> None:
    """End this process when the one that started it ends (on Linux; `watch_parent` is for everywhere)."""
    unprivileged.die_with_parent()


def watch_parent() -> None:
    """End this process, politely and then surely, when the supervisor is gone."""
    handle = os.environ.get(PIPE, "")
    if handle.isdigit():
        threading.Thread(target=_watch, args=(int(handle),), daemon=True, name="watch-parent").start()


def _watch(handle: int) -> None:
    while os.read(handle, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE_SECONDS)
    os._exit(1)


def serve(settings: Environment) -> None:
    """Serve pages until told to stop: granian, with workers of four threads."""
    from granian import Granian
    from granian.constants import Interfaces

    watch_parent()
    Granian(
        "redress.server.wsgi:application",
        address=settings.listen,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=4,
        # A thread that goes takes its database connection along; let them stay.
        blocking_threads_idle_timeout=600,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=5,
        log_access=False,
    ).serve()


def work(settings: Environment) -> None:
    """Do the queued jobs and the timetable until told to stop."""
    import asyncio

    import django

    django.setup()
    from procrastinate.contrib.django import app

    from redress.plumbing import later

    watch_parent()
    if not settings.database_url:
        # The one worker of the embedded database starts: whatever is still marked as running was cut off.
        later.put_back_stalled(silent_for=0, all_running=True)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as running:
        asyncio.run(_work(running))


async def _work(app: object) -> None:
    from procrastinate import App

    assert isinstance(app, App)
    async with app.open_async():
        await app.run_worker_async(
            name="redress",
            concurrency=2,
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=5.0,
            shutdown_graceful_timeout=_PATIENCE_SECONDS,
        )
