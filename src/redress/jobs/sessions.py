"""When are ended sessions cleared away? Every night.

Example: at 2:25am the sessions of yesterday are gone; whoever had one signs in again.
"""

from django.contrib.sessions.backends.db import SessionStore

from redress.plumbing import later


@later.job("sessions.clear", every="25 2 * * *", lock="sessions.clear")
def clear() -> None:
    """Clear away the sessions whose time is up."""
    SessionStore.clear_expired()
