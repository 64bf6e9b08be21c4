"""Has this page a fault that WCAG 2.2 A or AA knows and a machine can find? Zero is the only answer that passes.

Example, in a journey: `axe.check(page)` after each page, `axe.check_widths(page)` for both widths.
`but=` names rules that are left out: never without a reason.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def faults(page: Any, *, within: str | None = None, but: Sequence[str] = ()) -> list[str]:
    """Give each fault as a sentence: rule, what it says, where. `page` is Playwright's, synchronous."""
    if not page.evaluate("typeof window.axe === 'object'"):
        # Evaluated by the browser's debugger, so that a strict Content-Security-Policy does not stand in the way.
        page.evaluate(SCRIPT.read_text("utf-8"))
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in but},
        "resultTypes": ["violations"],
        # Style sheets are judged as the browser applied them; fetching them once more would only fail offline.
        "preload": False,
    }
    found = page.evaluate("([where, options]) => axe.run(where || document, options)", [within, options])
    return [
        f"{fault['id']}: {fault['help']}: {node['target']} {node['html'][:160]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def check(page: Any, *, within: str | None = None, but: Sequence[str] = ()) -> None:
    """Fail with every fault named, and where the page is."""
    found = faults(page, within=within, but=but)
    assert not found, f"{len(found)} faults on {page.url} at {page.viewport_size}:\n" + "\n".join(found)


def check_widths(page: Any, widths: Sequence[int] = (1280, 390)) -> None:
    """Check a page at several widths, and that it does not scroll sideways; the width it had is put back."""
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} pixels too wide at {width}"
    if before:
        page.set_viewport_size(before)
