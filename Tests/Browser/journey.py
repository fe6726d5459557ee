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
import unicodedata
from pathlib import Path

from playwright.sync_api import Error

from kiosk_browser import LANDSCAPE, PORTRAIT, KioskBrowser, layout_faults

REPOSITORY = Path(__file__).resolve().parents[2]


def scripted_answers() -> dict:
    """The same answers as the applicant who uses the HTTP interface."""
    spec = importlib.util.spec_from_file_location("scripted_journey", REPOSITORY / "scripts/journey.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    week_ago = time.strftime("%Y-%m-%d", time.localtime(time.time() - 7 * 86400))
    return {**module.ANSWERS, "date_of_birth": week_ago}


class Applicant:
    """Touches what a person touches. `look` is called on every screen; it checks and photographs by default."""

    def __init__(self, browser, page, simulate, pictures: Path, prefix="journey"):
        self.browser, self.page, self.simulate = browser, page, simulate
        self.pictures, self.prefix = pictures, prefix
        self.size = page.viewport_size
        self.answers = scripted_answers()
        self.looks = []
        self.right = False

    # What stands on the screen.

    def look(self, name=None):
        """Checks the screen of now, keeps its picture, and the same with the screen turned."""
        name = name or self.screen()
        self.looks.append(name)
        path = self.pictures / f"{self.prefix}-{len(self.looks):02}-{name}.png"
        self.browser.picture(self.page, path)
        self.browser.check(self.page)
        self.check_hints()
        self.page.set_viewport_size({"width": self.size["height"], "height": self.size["width"]})
        self.browser.picture(self.page, path.with_stem(f"{path.stem}-turned"))
        faults = layout_faults(self.page)
        assert not faults, f"{name}, turned: {faults}"
        self.page.set_viewport_size(self.size)

    def check_hints(self):
        """Nothing is out of sight without a word: neither what is below the fold, nor the field that is typed into."""
        self.page.wait_for_function(
            """() => {
              const area = document.querySelector(".content").getBoundingClientRect();
              const content = document.querySelector(".content");
              const below = content.scrollHeight - content.scrollTop - content.clientHeight > 30;
              const typing = document.body.classList.contains("typing");
              const hint = document.querySelector(".more");
              if (below && !typing && (hint.hidden || getComputedStyle(hint).display === "none")) return false;
              if (!typing) return true;
              const field = document.activeElement.getBoundingClientRect();
              return field.top >= area.top && field.bottom <= area.bottom;
            }""")  # fmt: skip

    def screen(self) -> str:
        return self.page.locator("body").get_attribute("data-screen")

    def heading(self) -> tuple:
        lead = self.page.locator(".lead")
        return self.page.get_by_role("heading", level=1).inner_text(), lead.inner_text() if lead.count() else ""

    def arrive(self, screen: str, seconds=60):
        self.page.locator(f"body[data-screen={screen}]").wait_for(timeout=seconds * 1000)

    def has(self, action: str):
        return self.page.locator(f"[data-action={action}]:enabled")

    # What a finger does.

    def choose(self, value: str, arrives: str):
        self.page.locator(f".choice[data-value='{value}']").tap()
        self.arrive(arrives)

    def act(self, action: str):
        """Touches an action and waits until the kiosk has answered it."""
        self.tap_elsewhere(self.has(action))
        self.settle()

    def tap_elsewhere(self, button):
        """Never twice on one spot: the page takes that for a double tap, whose second half was meant for the screen before."""
        box = button.bounding_box()
        self.right = not self.right
        button.tap(position={"x": box["width"] * (0.8 if self.right else 0.2), "y": box["height"] / 2})

    def settle(self):
        self.page.locator("body:not(.sending)").wait_for()

    def type(self, field, text: str):
        """Types with the kiosk's own keys: letters, marked letters, and the tone after its syllable."""
        field.tap()
        for index, word in enumerate(text.split(" ")):
            if index > 0:
                self.page.locator(".keyboard .key-space").tap()
            letters, tone = split_tone(word)
            for letter in letters:
                self.key(letter)
            if tone:
                self.key(f"dấu {tone}")

    def key(self, name: str):
        self.page.locator(".keyboard").get_by_role("button", name=name, exact=True).tap()

    def done(self):
        """The keyboard's own key; what was typed is on its way then."""
        self.page.locator(".keyboard .key-done").tap()
        self.page.locator(".keyboard").wait_for(state="hidden")
        self.settle()

    # A whole visit.

    def declare(self, citizen: str) -> str:
        """Registers a birth, from the welcome screen until it stands there again; the ticket's number."""
        self.arrive("welcome")
        self.look()
        self.choose("vi", "need")
        self.look()
        self.choose("1.001193", "identify")
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
        self.page.locator(".scan-button:enabled").first.tap()
        self.keep_pages()
        self.page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
        self.look("scan-pages")
        self.act("next")
        self.arrive("review")
        self.look()
        self.act("submit")
        self.arrive("ticket")
        self.has("finish").wait_for(timeout=60_000)
        self.look()
        number = self.page.locator(".ticket-number").inner_text()
        self.code = self.page.locator(".fact dd").inner_text()
        self.leave()
        return number

    def keep_pages(self):
        """Waits until the pages are there; keeps each that something is said about."""
        while True:
            self.page.locator("body[data-screen=scan-finding], body[data-screen=scan]:has(.scan img):not(:has(.scan-preparing)) [data-action=next]").first.wait_for(timeout=60_000)
            if self.screen() != "scan-finding":
                return
            self.look()
            self.act("keep")

    def fill_form(self):
        for page_number in range(1, 60):
            if self.screen() != "form":
                return
            self.answer_page()
            self.look(f"form-{page_number}")
            before = self.heading()
            self.act("next")
            errors = self.page.locator(".field-error").all_inner_texts()
            if errors or (self.screen() == "form" and before == self.heading()):
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
        question = name.rsplit("/", 1)[-1]
        value = self.answers.get(question)
        field = self.page.locator(f"[data-name='{name}']")
        kind = field.get_attribute("class")
        if "field-select" in kind:
            chosen = f"[value='{value}']" if value else ""
            if value or "field-selectMultiple" in kind:
                field.locator(f".option:has(input{chosen})").first.tap()
                # What depends on it is on the screen when the kiosk has answered.
                self.settle()
        elif value and "field-date" in kind:
            year, month, day = value.split("-")
            field.locator("input").first.tap()
            for figure in day + month + year:
                self.key(figure)
            self.done()
        elif value and question == "child_name":
            self.type(field.locator(".entry"), value)
            self.look("keyboard")
            self.done()
        elif value and field.locator("[data-keyboard=digits]").count():
            entry = field.locator(".entry")
            entry.tap()
            while entry.input_value():
                self.page.locator(".keyboard .key-erase").tap()
            for figure in value:
                self.key(figure)
            if question == "mother_number":
                self.look("keypad")
            self.done()
        elif value:
            # The other texts at once; the keys have been tried above.
            field.locator(".entry").fill(value)
            self.done()
        if value and "field-select" not in kind and "field-date" not in kind:
            written = field.locator(".entry").input_value()
            assert written == value, f"{question} says {written!r}"

    def take_number(self, language: str) -> str:
        """Only a number, without a card, up to the ticket; it need not have come out."""
        self.arrive("welcome")
        self.look()
        self.choose(language, "need")
        self.look()
        self.choose("ticket", "identify")
        self.look()
        self.act("skip")
        self.arrive("priority")
        self.page.locator(".option").first.tap()
        self.look()
        self.act("next")
        self.arrive("ticket")
        self.page.locator("[data-action=confirm], [data-action=finish]").wait_for(timeout=60_000)
        self.look("ticket" if self.has("finish").count() else "ticket-unproved")
        return self.page.locator(".ticket-number").inner_text()

    def leave(self):
        """From the ticket back to the welcome screen, with or without paper."""
        self.tap_elsewhere(self.page.locator("[data-action=confirm], [data-action=finish]"))
        self.arrive("thanks")
        self.look()
        self.act("finish")
        self.arrive("welcome")


TONES = {"\u0301": "sắc", "\u0300": "huyền", "\u0309": "hỏi", "\u0303": "ngã", "\u0323": "nặng"}


def split_tone(word: str) -> tuple:
    """The word's letters without the tone, and the tone's name: "Nguyễn" is "Nguyên" and "ngã"."""
    parts = unicodedata.normalize("NFD", word)
    tone = next((TONES[part] for part in parts if part in TONES), None)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)), tone


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
        applicant = Applicant(browser, page, simulate, arguments.pictures)
        try:
            number = applicant.declare(arguments.citizen)
        except (AssertionError, Error, subprocess.CalledProcessError) as error:
            applicant.browser.picture(page, arguments.pictures / "journey-failed.png")
            print(f"The journey ended early on the screen {applicant.screen()}: {error}", file=sys.stderr)
            return 1
    print(f"  ticket {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
