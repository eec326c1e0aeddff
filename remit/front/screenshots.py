"""Pictures of pages in a real browser, wide and narrow, light and dark, with an accessibility check of each; for developers and the README."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 390)
THEMES = ("light", "dark")
# A browser of the machine that stays by itself: it asks nobody for updates.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(Exception):
    """Raised where no Chromium is installed."""


@dataclass(frozen=True)
class Shot:
    """One page at one width, theme and language. `wider_px`: by how much it must be scrolled sideways, which is never right."""

    path: str
    file: Path
    status: int
    wider_px: int
    violations: tuple[str, ...]
    complaints: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found in it."""
        return self.status < 400 and not (self.wider_px or self.violations or self.complaints)


def take(
    base: str,
    paths: Sequence[str],
    out: Path,
    *,
    email: str = "",
    languages: Sequence[str] = ("en",),
    widths: Sequence[int] = WIDTHS,
    themes: Sequence[str] = THEMES,
) -> Iterator[Shot]:
    """Visits each path of `base`, signed in as the demo user `email` if one is named, and writes one PNG of the whole page per width, theme and language."""
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            for language in languages:
                state = _sign_in(browser, base, email, language) if email else None
                for width in widths:
                    for theme in themes:
                        for path in paths:
                            yield _shot(browser, base, path, out, (language, width, theme), state)
        finally:
            browser.close()


def chromium() -> str:
    """Where the browser is: REMIT_BROWSER, or the one on the path."""
    found = next(filter(None, map(shutil.which, (os.environ.get("REMIT_BROWSER", ""), "chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        raise NoBrowser("No browser: run `apt-get install chromium` as root, or name a Chromium in REMIT_BROWSER.")
    try:
        ctypes.CDLL("libatomic.so.1")  # which Playwright's driver is linked with
    except OSError:
        if sys.platform == "linux":
            raise NoBrowser("The browser cannot be driven: run `apt-get install libatomic1` as root.") from None
    return found


def _sign_in(browser: Browser, base: str, email: str, language: str) -> Any:
    """The cookies after one click on a demo log-in of the first page."""
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(base)
    page.locator(f'form:has(input[name="user"][value="{email}"]) button').click()
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


def _shot(browser: Browser, base: str, path: str, out: Path, look: tuple[str, int, str], state: Any) -> Shot:
    language, width, theme = look
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, locale=language, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    answer = page.goto(base.rstrip("/") + path, wait_until="load")
    name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "front"
    file = out / f"{name}-{width}-{theme}-{language}.png"
    page.screenshot(path=file, full_page=True)
    wider_px = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
    shot = Shot(path, file, answer.status if answer else 0, wider_px, violations(page), tuple(complaints))
    context.close()
    return shot


def violations(page: Page) -> tuple[str, ...]:
    """What axe finds on a page, as rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return tuple(f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:5])}" for one in found)
