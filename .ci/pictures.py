"""Take the pictures of the page that README shows: `pictures.py out/report`, after `make report`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parents[1] / "docs"
# File, view, and what stands at the upper edge of the picture (the top of the page if nothing is named).
PICTURES = (("report", "home", ""), ("report-chain", "chain", ".keys"), ("report-today", "today", ""))


def main(report: Path) -> None:
    """Open the page in Chinese, 1280 x 800 pixels, and write docs/*.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page.goto((report / "index.html").resolve().as_uri())
        for name, view, upper in PICTURES:
            page.evaluate("to => { location.hash = to }", f"#{view}?lang=zh")
            page.wait_for_selector(f"nav a[href^='#{view}'][aria-current]")
            page.evaluate(
                "of => { const top = of && document.querySelector(of).getBoundingClientRect().top + scrollY;"
                " const bar = document.querySelector('#top').getBoundingClientRect().height;"
                " scrollTo(0, Math.max(0, top - bar - 8)) }",
                upper,
            )
            page.screenshot(path=DOCS / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
