"""An applicant at the real kiosk's screen: the whole journey in Chromium, against programs that run.

    python Tests/Browser/journey.py --kiosk http://127.0.0.1:8480 --simulator .build/debug/kiosk-sim

Touches what a person touches, checks every screen on the way (console, axe-core, layout)
and keeps its picture. Exit code 0 when the ticket was taken and the welcome screen is back.
"""

import argparse
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Error

from kiosk_browser import LANDSCAPE, PORTRAIT, KioskBrowser

REPOSITORY = Path(__file__).resolve().parents[2]


def scripted_answers() -> dict:
    """The same answers as the applicant who uses the HTTP interface."""
    spec = importlib.util.spec_from_file_location("scripted_journey", REPOSITORY / "scripts/journey.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    week_ago = time.strftime("%Y-%m-%d", time.localtime(time.time() - 7 * 86400))
    return {**module.ANSWERS, "date_of_birth": week_ago}


class Applicant:
    def __init__(self, browser, page, simulate, pictures: Path, form: str):
        self.browser, self.page, self.simulate = browser, page, simulate
        self.pictures, self.form, self.number = pictures, form, 0
        self.answers = scripted_answers()

    def look(self, name=None):
        """Checks the screen of now and keeps its picture."""
        self.number += 1
        name = name or self.screen()
        self.browser.picture(self.page, self.pictures / f"journey-{self.number:02}-{name}-{self.form}.png")
        self.browser.check(self.page)
        print(f"  {name}: {self.page.get_by_role('heading', level=1).inner_text()}", flush=True)

    def screen(self) -> str:
        return self.page.locator("body").get_attribute("data-screen")

    def arrive(self, screen: str, seconds=60):
        self.page.locator(f"body[data-screen={screen}]").wait_for(timeout=seconds * 1000)

    def has(self, action: str):
        return self.page.locator(f"[data-action={action}]:enabled")

    def choose(self, value: str):
        self.page.locator(f".choice[data-value='{value}']").click()

    def act(self, action: str):
        """Touches an action and waits until the kiosk has answered it."""
        self.has(action).click()
        self.settle()

    def settle(self):
        self.page.locator("body:not(.sending)").wait_for()

    def run(self, citizen: str):
        self.arrive("welcome")
        self.look()
        self.choose("vi")
        self.arrive("need")
        self.look()
        self.choose("1.001193")
        self.arrive("identify")
        self.look()
        self.simulate("qr", "show", citizen)
        self.page.locator(".illustration-card-place").wait_for()
        self.look("identify-place")
        self.simulate("card", "insert", citizen)
        self.has("next").wait_for(timeout=60_000)
        self.look("identify-done")
        self.act("next")
        self.simulate("card", "remove")
        self.arrive("priority")
        self.look()
        self.act("next")
        self.arrive("advice")
        self.look()
        self.act("next")
        self.arrive("form")
        self.fill_form()
        self.arrive("scan")
        self.look()
        self.page.locator(".scan-button:enabled").first.click()
        self.page.locator(".scan img").first.wait_for(timeout=60_000)
        self.has("next").wait_for(timeout=60_000)
        self.look("scan-pages")
        self.act("next")
        self.arrive("review")
        self.look()
        self.act("submit")
        self.arrive("ticket")
        self.has("finish").wait_for(timeout=60_000)
        self.look()
        number = self.page.locator(".ticket-number").inner_text()
        self.act("finish")
        self.arrive("thanks")
        self.look()
        self.act("finish")
        self.arrive("welcome")
        return number

    def fill_form(self):
        for _ in range(60):
            if self.screen() != "form":
                return
            self.answer_page()
            self.look()
            before = self.page.get_by_role("heading", level=1).inner_text(), self.page.locator(".lead").all_inner_texts()
            self.act("next")
            after = self.page.get_by_role("heading", level=1).inner_text(), self.page.locator(".lead").all_inner_texts()
            errors = self.page.locator(".field-error").all_inner_texts()
            if errors or (self.screen() == "form" and before == after):
                self.look("form-refused")
                raise AssertionError(f"the form refuses {before[0]}: {errors}")
        raise AssertionError("the form does not end")

    def answer_page(self):
        """Answers until no new question appears: an answer can bring further ones."""
        answered = set()
        while True:
            names = [field.get_attribute("data-name") for field in self.page.locator(".field:not(.field-fixed)").all()]
            open_names = [name for name in names if name not in answered]
            if not open_names:
                return
            answered.add(open_names[0])
            self.answer(open_names[0])

    def answer(self, name: str):
        value = self.answers.get(name.rsplit("/", 1)[-1])
        field = self.page.locator(f"[data-name='{name}']")
        kind = field.get_attribute("class")
        if "field-select" in kind:
            options = field.locator("input[type=radio], input[type=checkbox]")
            wanted = field.locator(f"input[value='{value}']") if value else options.first
            if value or "field-selectMultiple" in kind:
                wanted.check(force=True)
                # What depends on it is on the screen when the kiosk has answered.
                self.settle()
        elif value and "field-date" in kind:
            year, month, day = value.split("-")
            for box, part in zip(field.locator("input").all(), (day, month, year)):
                box.fill(part)
        elif value:
            field.locator(".entry").fill(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiosk", required=True, help="the kiosk's address")
    parser.add_argument("--simulator", required=True, help="the kiosk-sim program")
    parser.add_argument("--pictures", type=Path, default=REPOSITORY / ".kiosk/pictures")
    parser.add_argument("--citizen", default="nguyen-van-a")
    parser.add_argument("--form", choices=["portrait", "landscape"], default="portrait")
    arguments = parser.parse_args()

    def simulate(*words):
        subprocess.run([arguments.simulator, *words], check=True, stdout=subprocess.DEVNULL)

    with KioskBrowser() as browser:
        page = browser.open(arguments.kiosk, PORTRAIT if arguments.form == "portrait" else LANDSCAPE)
        applicant = Applicant(browser, page, simulate, arguments.pictures, arguments.form)
        try:
            number = applicant.run(arguments.citizen)
        except (AssertionError, Error, subprocess.CalledProcessError) as error:
            applicant.browser.picture(page, arguments.pictures / f"journey-failed-{arguments.form}.png")
            print(f"The journey ended early on the screen {applicant.screen()}: {error}", file=sys.stderr)
            return 1
    print(f"  ticket {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
