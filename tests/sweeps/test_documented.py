"""Is everything that somebody must know written down, and does what is written down hold?"""

import re

import pytest

from redress.rulebook import procedures
from redress.server import cli, environment
from redress.server.reference import PAGES
from sweeps import source

PROJECT = source.PROJECT
DOCS = sorted((PROJECT / "docs").rglob("*.md"))
PAPERS = [*DOCS, *(PROJECT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md"))]


# ----------------------------------------------------------------------------------------------------- generated pages


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_what_the_program_says(name) -> None:
    assert (PROJECT / name).read_text("utf-8") == PAGES[name](), "run: make docs"


def test_every_setting_has_a_sentence_an_example_and_a_reader() -> None:
    read = "\n".join(module.text for module in source.modules())
    page = (PROJECT / "docs" / "reference" / "settings.md").read_text("utf-8")
    for setting in environment.SETTINGS:
        assert setting.sentence.endswith("."), setting.name
        assert setting.example, setting.name
        setting.parse(setting.example)
        assert f"`{setting.name}`" in page
        assert re.search(rf"\b(\.|\")({setting.attribute})\b", read), f"nobody reads {setting.name}"


def test_no_module_reads_the_environment_behind_the_settings_back() -> None:
    """What is read elsewhere is a password that a mailbox names, or what a parent hands to its child."""
    allowed = {
        "redress.server.environment", "redress.server.settings", "redress.server.cli", "redress.server.supervisor",
        "redress.server.children", "redress.server.wsgi", "redress.server.doctor", "redress.server.database",
        "redress.plumbing.postgres", "redress.plumbing.unprivileged", "redress.plumbing.limited",
        "redress.plumbing.malware_setting", "redress.jobs.mailbox", "redress.server.preparing",
        "redress.server.starting",  # what asks Django for a debugging mode, and is refused
    }  # fmt: skip
    readers = {module.name for module in source.modules() if re.search(r"\bos\.(environ|getenv)\b", module.text)}
    assert readers <= allowed


def test_every_procedure_has_a_page_and_no_other_has() -> None:
    folder = PROJECT / "docs" / "reference" / "procedures"
    assert {file.name for file in folder.iterdir()} == {"README.md", *(f"{code}.md" for code in procedures.codes())}
    index = (folder / "README.md").read_text("utf-8")
    for code in procedures.codes():
        assert f"]({code}.md)" in index
        page = (folder / f"{code}.md").read_text("utf-8")
        assert "```mermaid" in page
        for edition in procedures.editions(code):
            assert f"`{edition.id}`" in page
            for clock in edition.clocks:
                assert f"`{clock.name}`" in page, f"{edition.id}: {clock.name}"


def test_every_command_is_documented_with_an_example() -> None:
    page = (PROJECT / "docs" / "reference" / "commands.md").read_text("utf-8")
    for command in cli.COMMANDS:
        if command.words not in cli.PARTS_OF_RUN:
            assert f"`redress {command.words}`" in page
            assert command.example.startswith("redress ")
    for words in cli.OWN:
        assert f"`redress {words}`" in page


def test_every_job_says_what_it_does_and_names_its_work() -> None:
    from procrastinate.contrib.django import app

    source.load_everything()
    ours = [task for task in app.tasks.values() if task.func.__module__.startswith("redress.")]
    assert len(ours) >= 8
    page = (PROJECT / "docs" / "reference" / "jobs.md").read_text("utf-8")
    for task in ours:
        assert task.func.__module__.startswith("redress.jobs."), f"{task.name} stands outside the timetable"
        assert (task.func.__doc__ or "").strip(), task.name
        assert f"`{task.name}`" in page


def test_every_job_that_is_queued_is_there() -> None:
    """A step that queues a job by a name that nobody declared would wait for ever."""
    from procrastinate.contrib.django import app

    source.load_everything()
    queued = set()
    for module in source.modules():
        for call in source.calls(module.tree, "queue"):
            if source.dotted(call.func) == "later.queue" and call.args and hasattr(call.args[0], "value"):
                value = call.args[0].value  # type: ignore[attr-defined]
                if isinstance(value, str):
                    queued.add(value)
    assert queued <= set(app.tasks), queued - set(app.tasks)


# --------------------------------------------------------------------------------------------------------------- links


_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
_HERE = re.compile(r"\]\(#([^)\s]+)\)")


@pytest.mark.parametrize("page", PAPERS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_page_is_there_and_its_links_lead_somewhere(page) -> None:
    text = page.read_text("utf-8")
    assert text.startswith("# "), "a page begins with its title"
    for target, anchor in _LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        found = (page.parent / target).resolve()
        assert found.exists(), f"{page.name}: {target}"
        if anchor and found.suffix == ".md":
            assert anchor[1:] in anchors(found.read_text("utf-8")), f"{page.name}: {target}{anchor}"
    for anchor in _HERE.findall(text):
        assert anchor in anchors(text), f"{page.name}: #{anchor}"


def anchors(text: str) -> set[str]:
    """Give what the headings of a page can be reached by."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAPERS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_files_and_commands_that_a_page_names_are_there(page) -> None:
    text = page.read_text("utf-8")
    for name in re.findall(r"`((?:src|docs|tests|tools|trials|bench)/[\w./-]+)`", text):
        assert (PROJECT / name).exists(), f"{page.name} names {name}"
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for name in re.findall(r"`make ([a-z]+)", text):
        assert name in targets, f"{page.name}: make {name}"
    commands = {command.words for command in cli.COMMANDS} | set(cli.OWN)
    for line in re.findall(r"`(?:\.venv/bin/)?redress ([a-z][^`]*)`", text):
        words = line.split()
        if line in ("trail entry", "trail detail"):
            continue  # the first words of the byte form that a hash covers
        assert words[0] in commands or " ".join(words[:2]) in commands, f"{page.name}: redress {line}"


def test_docs_stand_in_four_modes() -> None:
    folders = {path.name for path in (PROJECT / "docs").iterdir() if path.is_dir()}
    assert {"tutorial", "how-to", "reference", "explanation", "decisions"} <= folders
    for folder in ("tutorial", "how-to", "reference", "explanation", "decisions"):
        assert list((PROJECT / "docs" / folder).glob("*.md")), folder


def test_every_decision_says_what_why_and_what_follows() -> None:
    for page in sorted((PROJECT / "docs" / "decisions").glob("[0-9]*.md")):
        text = page.read_text("utf-8")
        for heading in ("## Decision", "## Why", "## What follows"):
            assert heading in text, f"{page.name} has no {heading}"
        assert len(text.split()) < 700, f"{page.name} is longer than a page"
