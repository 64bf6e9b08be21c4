"""How does a child process end with its parent?"""

from redress.plumbing import unprivileged


def end_with_parent() -> None:
    """End this process when the one that started it ends, on Linux; see supervisor.py for elsewhere."""
    unprivileged.die_with_parent()
