"""A browser for the kiosk's pages, and what must hold on each of them.

    with KioskBrowser() as browser:
        page = browser.open("http://127.0.0.1:8480/", PORTRAIT)
        page.get_by_role("button", name="Tiếng Việt").click()
        browser.picture(page, folder / "welcome.png")
        browser.check(page)          # console, axe-core, layout; raises AssertionError that names all faults
"""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)

# 13 mm on a 21.5 inch Full HD screen (92 dots an inch) are 47 dots.
SMALLEST_TARGET = 48

CHROMIUM = os.environ.get("KIOSK_CHROMIUM", "/usr/bin/chromium")


class KioskBrowser:
    """Debian's Chromium without a window. Each page keeps what its console said."""

    def __enter__(self):
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        self._axe = Axe()
        self._troubles = {}
        return self

    def __exit__(self, *_):
        self._browser.close()
        self._playwright.stop()

    def open(self, url: str, size=PORTRAIT, reduced_motion=True, touch=True) -> Page:
        """Opens a page of its own, without the traces of another. Pictures are the same each time without motion."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        page = context.new_page()
        troubles = self._troubles[page] = []
        page.on("console", lambda message: message.type == "error" and troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"page: {error}"))
        page.goto(url, wait_until="domcontentloaded")
        return page

    def close(self, page: Page):
        self._troubles.pop(page, None)
        page.context.close()

    def picture(self, page: Page, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(path), animations="disabled")

    def check(self, page: Page, smallest_target=SMALLEST_TARGET):
        """Raises AssertionError with every fault found on the page as it is now."""
        faults = self.console_faults(page) + self.axe_faults(page) + layout_faults(page, smallest_target)
        assert not faults, "\n".join([f"{page.title()} ({page.url})", *faults])

    def console_faults(self, page: Page) -> list:
        return list(self._troubles[page])

    def axe_faults(self, page: Page) -> list:
        """Serious and critical violations, by axe-core."""
        results = self._axe.run(page, options={"resultTypes": ["violations"]})
        return [
            f"axe {violation['impact']}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in results.response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]


def layout_faults(page: Page, smallest_target=SMALLEST_TARGET) -> list:
    """Targets too small for a finger, and whatever is wider than the screen."""
    return page.evaluate(
        """(smallest) => {
          const faults = [];
          const root = document.scrollingElement;
          if (root.scrollWidth > innerWidth) faults.push(`the page scrolls sideways: ${root.scrollWidth} of ${innerWidth}`);
          for (const area of document.querySelectorAll("main, dialog, .content")) {
            if (area.scrollWidth > area.clientWidth + 1) faults.push(`${area.className || area.tagName} scrolls sideways`);
          }
          for (const target of document.querySelectorAll("button, a[href], input, textarea, summary")) {
            const box = target.getBoundingClientRect();
            if (box.width === 0 || getComputedStyle(target).visibility === "hidden") continue;
            const name = (target.getAttribute("aria-label") || target.textContent || target.name || target.tagName).trim();
            if (box.width < smallest || box.height < smallest) {
              faults.push(`too small a target: ${name} ${Math.round(box.width)} x ${Math.round(box.height)}`);
            }
            if (box.left < -1 || box.right > innerWidth + 1) faults.push(`beyond the edge: ${name}`);
            for (const part of [target, ...target.querySelectorAll("*")]) {
              if (part.scrollWidth > part.clientWidth + 2 && getComputedStyle(part).display !== "inline" && !(part instanceof SVGElement) && part.tagName !== "INPUT") {
                faults.push(`text wider than its place: ${name}`);
              }
            }
          }
          return faults;
        }""",
        smallest_target,
    )
