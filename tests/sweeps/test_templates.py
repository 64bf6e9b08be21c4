"""Does every page stand in a frame, obey the strict policy for scripts and styles, and protect its forms?"""

import re

import pytest

from sweeps import source

TEMPLATES = [path for path in source.templates() if path.suffix == ".html"]
FRAMES = ("frames/desk.html", "frames/solo.html", "frames/portal.html", "frames/sign_in.html", "frames/error.html")
# Pieces, not pages: what begins with an underscore, the components, the frames, and what is included by another.
PIECES = ("components", "frames", "parts", "elements")


def name(path) -> str:
    return str(path.relative_to(source.SOURCE)).split("templates/", 1)[1]


PAGES = [
    path
    for path in TEMPLATES
    if not path.name.startswith("_") and not any(part in PIECES for part in path.parts) and path.name != "500.html"
]
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)


def text_of(path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


def test_there_are_pages() -> None:
    assert len(PAGES) > 30


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_stands_in_a_frame(path) -> None:
    found = re.match(r"\s*{% extends [\"']([^\"']+)[\"'] %}", text_of(path))
    assert found, "a page begins with {% extends %}"
    seen = found.group(1)
    while seen not in FRAMES:
        parent = next((other for other in TEMPLATES if name(other) == seen), None)
        assert parent is not None, f"{seen} is no frame of ours"
        above = re.match(r"\s*{% extends [\"']([^\"']+)[\"'] %}", text_of(parent))
        assert above, f"{seen} stands in no frame"
        seen = above.group(1)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_stands_in_the_way_of_the_strict_policy(path) -> None:
    text = text_of(path)
    assert not re.search(r"\sstyle\s*=", text), "no inline style"
    assert not re.search(r"<style\b", text), "no style element"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), "no inline script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "no handler in an attribute"
    assert "javascript:" not in text
    assert not re.search(r"src=[\"']https?://", text), "nothing comes from elsewhere"
    assert not re.search(r"<link\b[^>]*href=[\"']https?://", text), "no style comes from elsewhere"
    assert "|safe" not in text, "nobody's words are markup"
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_form_that_changes_something_is_protected_and_carries_its_key(path) -> None:
    text = text_of(path)
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE):
        assert "{% csrf_token %}" in form or "csrf" in form, form[:120]
        others = name(path).startswith(("account/", "mfa/", "socialaccount/", "allauth/", "usersessions/"))
        if not others and not form_is_harmless(form):
            assert 'name="form_key"' in form, form[:200]


TWICE_IS_ONCE = (
    "frame.sign_out",
    "desk:read-notices",
    "page.claim",
    "desk:intake-let-go",
    "portal:close",
    "portal:discard",
    "Open my complaint",
    "Bring my answers back",
)


def form_is_harmless(form: str) -> bool:
    """Say whether doing it twice is doing it once, so that no key is needed: signing out, claiming, closing."""
    return any(word in form for word in TWICE_IS_ONCE)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_one_heading_of_its_own(path) -> None:
    text = text_of(path)
    if path.stem.endswith("base"):
        return  # a frame of its own: the pages that stand in it have the heading
    count = len(re.findall(r"<h1\b", text)) + len(re.findall(r"heading=1", text)) + len(re.findall(r"{% panel ", text))
    branches = len(re.findall(r"{% (if|elif|else|include)\b", text))
    assert count >= 1 or "{% include" in text or "{% field" in text, "no h1"
    assert count == 1 or branches, "more than one h1"


def test_every_page_is_drawn_by_somebody() -> None:
    """A template that no view names and no other template includes is dead."""
    everything = "\n".join(module.text for module in source.modules()) + "\n".join(text_of(path) for path in TEMPLATES)
    known_to_others = ("account/", "mfa/", "usersessions/", "allauth/", "registration/")
    unused = [
        name(path)
        for path in TEMPLATES
        if not name(path).startswith(known_to_others)
        and name(path) not in ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html")
        and path.name not in everything
        and not {"components", "frames"} & set(path.parts)
    ]
    assert not unused
