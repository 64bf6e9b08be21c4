"""Scripts that run in a limited child process (see ``redress.plumbing.limited``), never in the server itself."""
