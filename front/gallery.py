"""Write the gallery of components to files and, with `--look`, photograph them at two widths.

Run it from the project's folder: .venv/bin/python front/gallery.py --look
The pages are in front/made/, and the pictures beside them. Nothing of this is shipped.
"""

import shutil
import sys
from pathlib import Path

import django
from django.conf import settings

HERE = Path(__file__).resolve().parent
MADE = HERE / "made"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 38 38"><circle cx="19" cy="19" r="18" fill="#fff"/></svg>'


def main() -> None:
    """Make the pages; photograph them when asked."""
    sys.path.insert(0, str(HERE.parent / "tests" / "doors"))
    settings.configure(
        INSTALLED_APPS=["redress.plumbing"],
        STATIC_URL="static/",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()
    from gallery_pages import pages

    from redress import plumbing
    from redress.plumbing.brand import brand_css, councils_css

    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(Path(plumbing.__file__).parent / "static", MADE / "static")
    (MADE / "northmere.css").write_text(brand_css("#14575c"), "utf-8")
    (MADE / "councils.css").write_text(councils_css({"northmere": "#14575c", "eastvale": "#6b2d5c"}), "utf-8")
    (MADE / "logo.svg").write_text(LOGO, "utf-8")
    for name, text in pages().items():
        # Opened from a file, "/static/" would be the root of the disk.
        (MADE / f"{name}.html").write_text(text.replace("/static/", "static/"), "utf-8")
    if "--look" in sys.argv:
        photograph()


def photograph() -> None:
    """Photograph each page at 1280 and 390 pixels."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            for path in sorted(MADE.glob("*.html")):
                page.goto(path.as_uri())
                page.screenshot(path=MADE / f"{path.stem}-{width}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
