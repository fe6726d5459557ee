"""The README's pictures, from a real visit: `scripts/pictures` calls it.

Small pictures of a small screen, not made smaller afterwards: the pages are drawn in the same proportions at any size.
"""

import shutil
import sys
from pathlib import Path

from journey import Applicant
from kiosk_browser import PORTRAIT, KioskBrowser
from running_kiosk import RunningKiosk

UPRIGHT = (720, 1280)
LYING = (1280, 720)
LARGEST_BYTES = 200_000

# Which screens of the journey, and what each picture is called.
WANTED = {
    "welcome": "screen-welcome", "need": "screen-need", "identify": "screen-identify", "keyboard": "screen-form",
    "ticket": "screen-ticket",
}  # fmt: skip


class Photographer(Applicant):
    """An applicant who takes pictures of some screens and checks none: the tests do that."""

    def look(self, name=None):
        wanted = WANTED.get(name or self.screen())
        if wanted:
            self.page.set_viewport_size({"width": UPRIGHT[0], "height": UPRIGHT[1]})
            self.check_hints()
            self.browser.picture(self.page, self.pictures / f"{wanted}.png")
            self.page.set_viewport_size(self.size)


class Visitor(Applicant):
    """Somebody who only comes by."""

    def look(self, name=None):
        pass


def main():
    folder = Path(sys.argv[1])
    with RunningKiosk() as kiosk, KioskBrowser() as browser:
        display = browser.open(f"{kiosk.url}/display", LYING, touch=False)
        counter = browser.open(f"{kiosk.url}/counter/1", LYING, touch=False)
        page = browser.open(kiosk.url, PORTRAIT)
        Photographer(browser, page, kiosk.simulate, folder).declare("nguyen-van-a")
        shutil.copy(kiosk.papers[-1], folder / "ticket.png")
        # Others wait too, so that the hall's pictures show a hall.
        for _ in range(2):
            visitor = Visitor(browser, page, kiosk.simulate, folder)
            visitor.take_number("vi")
            visitor.leave()
        for desk in (counter, browser.open(f"{kiosk.url}/counter/2", LYING, touch=False)):
            called = call(desk)
            # One after another, as the display announces them.
            display.locator(".number", has_text=called).wait_for()
        browser.picture(display, folder / "hall-display.png")
        browser.picture(counter, folder / "counter.png")
    for picture in sorted(folder.glob("*.png")):
        size = picture.stat().st_size
        print(f"  {picture}  {size // 1000} KB")
        assert size <= LARGEST_BYTES, f"{picture} is larger than {LARGEST_BYTES // 1000} KB"


def call(counter) -> str:
    counter.locator("[data-deed=next]:enabled").click()
    number = counter.locator(".current-number")
    number.wait_for()
    return number.inner_text()


if __name__ == "__main__":
    main()
