"""Why can this not be done, and what should be done instead?

Every refusal that the rules expect is an exception named for the officer, defined beside what raises it. Its docstring
is the sentence that is shown::

    class OnLeave(Refusal):
        "This officer is away."

        do = "Choose another officer, or wait until they are back."
        field = "officer"

    raise OnLeave(f"{officer.name} is away until {day}.")
"""

from __future__ import annotations

import inspect


class Refusal(Exception):
    """This can't be done."""

    do: str = ""
    """What to do next, in one sentence; empty when there is nothing to be done."""

    field: str | None = None
    """The form field that the refusal is about, where there is one."""

    def __init__(self, sentence: str | None = None, *, do: str | None = None, field: str | None = None) -> None:
        self.sentence = sentence if sentence is not None else default_sentence(type(self))
        if do is not None:
            self.do = do
        if field is not None:
            self.field = field
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


class NotVisible(Refusal):
    """There is nothing here that you can see."""

    do = "Check the address or the reference. If it is right, ask your complaints manager for access."


class SomeoneElseIsWorkingOnThis(Refusal):
    """Someone else is saving a change to this at the moment."""

    do = "Wait a few seconds and try again. Nothing that you typed was saved yet."


class ChangedMeanwhile(Refusal):
    """Someone else changed this after you opened it."""

    do = "Look at what changed, then save again if your change still stands."


class AlreadyUsed(Refusal):
    """This form was already used for something else."""

    do = "Open the page again and fill in a fresh form."


def default_sentence(refusal: type[Refusal]) -> str:
    """Return the first paragraph of a refusal's docstring, on one line."""
    text = inspect.cleandoc(refusal.__doc__ or Refusal.__doc__ or "")
    return " ".join(text.split("\n\n", 1)[0].split())
