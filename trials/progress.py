"""How far did a trial come before it was stopped?

Every finished block of a trial is written down at once, so that a trial that is stopped goes on where it was::

    progress = Progress("kills", seed=1, fresh=False)
    for block in progress.missing(10):
        progress.add(block, {"kills": 10, "faults": []})
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATE = Path(__file__).resolve().parent / "state"
Counts = dict[str, Any]


@dataclass
class Progress:
    """The finished blocks of one trial, kept in a file that is named by the trial, its seed and what else fixes it."""

    trial: str
    seed: int
    fresh: bool = False
    folder: Path | None = None
    kind: str = ""
    blocks: dict[int, Counts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.fresh:
            self.file.unlink(missing_ok=True)
        elif self.file.exists():
            self.blocks = {int(number): told for number, told in json.loads(self.file.read_text()).items()}

    @property
    def file(self) -> Path:
        """Where the blocks are written."""
        name = "-".join(part for part in (self.trial, self.kind, str(self.seed)) if part)
        return (self.folder or STATE) / f"{name}.json"

    def missing(self, count: int) -> Iterator[int]:
        """Give the numbers of the blocks that are not finished yet, in order."""
        yield from (number for number in range(count) if number not in self.blocks)

    def add(self, number: int, told: Counts) -> None:
        """Write a finished block down, complete or not at all."""
        self.blocks[number] = told
        self.file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.file.with_suffix(".new")
        temporary.write_text(json.dumps(self.blocks, ensure_ascii=False, indent=1))
        os.replace(temporary, self.file)

    def total(self, count: int) -> Counts:
        """Add up the numbers of the first ``count`` blocks, and put their lists together."""
        added: Counts = {}
        for number in sorted(self.blocks):
            if number >= count:
                continue
            for name, value in self.blocks[number].items():
                added[name] = added[name] + value if name in added else value
        return added
