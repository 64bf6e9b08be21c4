"""How far did a trial come before it was stopped, and what was found?

Every finished part is written down at once, so that a trial that is stopped goes on where it was::

    progress = Progress("kills", seed=1, count=100)
    for first in progress.left(step=10):
        progress.tally(kills=10)
    progress.verdict()
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STATE = Path(__file__).resolve().parent / "state"
MOST_FINDINGS = 50


@dataclass
class Progress:
    """What one trial with one seed has done, counted and found."""

    trial: str
    seed: int
    count: int
    fresh: bool = False
    folder: Path = STATE
    done: int = field(default=0, init=False)
    counts: dict[str, int] = field(default_factory=dict, init=False)
    findings: list[str] = field(default_factory=list, init=False)
    seconds: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        if self.fresh:
            self.file.unlink(missing_ok=True)
        elif self.file.exists():
            told = json.loads(self.file.read_text())
            self.done, self.counts, self.findings = told["done"], told["counts"], told["findings"]
            self.seconds = told["seconds"]

    @property
    def file(self) -> Path:
        """Where it is written down."""
        return self.folder / f"{self.trial}-{self.seed}.json"

    def left(self, *, step: int = 1) -> Iterator[int]:
        """Give the first number of each part that is left; a part is done, and written down, when the next is asked."""
        while self.done < self.count:
            began = time.monotonic()
            yield self.done
            self.done = min(self.done + step, self.count)
            self.seconds += time.monotonic() - began
            self._write()
            self.say()

    def tally(self, **counts: int) -> None:
        """Count what was done."""
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def finding(self, sentence: str) -> None:
        """Take down a fault."""
        self.tally(faults=1)
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(sentence)
        print(f"  FAULT: {sentence}", flush=True)

    def say(self) -> None:
        """Print how far it is."""
        print(f"  {self.done:,} of {self.count:,}: {self._counted()}", flush=True)

    def verdict(self) -> bool:
        """Print the closing line, and say whether nothing was found."""
        for sentence in self.findings:
            print(f"  found: {sentence}")
        judged = "no fault" if not self.findings else f"{self.counts['faults']:,} FAULTS"
        print(
            f"{self.trial}: {self.done:,} of {self.count:,}, seed {self.seed}, {self.seconds:,.0f} s: "
            f"{self._counted()}: {judged}",
            flush=True,
        )
        return not self.findings and self.done >= self.count

    def _counted(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in self.counts.items())

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {"done": self.done, "counts": self.counts, "findings": self.findings, "seconds": round(self.seconds, 1)}
        temporary = self.file.with_suffix(f".{os.getpid()}.new")
        temporary.write_text(json.dumps(told, ensure_ascii=False, indent=1))
        temporary.replace(self.file)
