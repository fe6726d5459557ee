"""The whole journey in Chromium, against the programs that a kiosk runs, with devices simulated at their wires.

The applicant touches the screen; the counter calls; the hall's display shows; the centre receives. Every screen passes the
checks of kiosk_browser (console and content security policy, axe-core, layout), upright and lying, and leaves its picture.
"""

import time

import pytest

from journey import Applicant
from kiosk_browser import LANDSCAPE, PORTRAIT
from running_kiosk import RunningKiosk

DESK = (1366, 768)


@pytest.fixture(scope="module")
def kiosk():
    with RunningKiosk() as kiosk:
        yield kiosk


@pytest.fixture(scope="module")
def hall(kiosk, browser):
    """The display and the first counter, open all day."""
    display = browser.open(f"{kiosk.url}/display", LANDSCAPE, touch=False)
    counter = browser.open(f"{kiosk.url}/counter/1", DESK, touch=False)
    display.locator(".hall").get_by_text("Bộ phận Một cửa").wait_for()
    counter.get_by_text("Quầy đang trống").wait_for()
    yield display, counter
    browser.close(display)
    browser.close(counter)


def call(hall, browser, pictures, number):
    """The counter calls the next ticket; it is this one, and the display shows it."""
    display, counter = hall
    counter.locator("[data-deed=next]:enabled").click()
    counter.locator(".current-number", has_text=number).wait_for()
    # A number is announced when the one before had its time.
    display.locator(".number", has_text=number).wait_for()
    assert display.locator(".counter").inner_text() == "1"
    browser.picture(display, pictures / f"hall-display-{number}.png")
    browser.picture(counter, pictures / f"hall-counter-{number}.png")
    browser.check(display)
    browser.check(counter)


def test_a_birth_is_registered(kiosk, browser, hall, pictures):
    page = browser.open(kiosk.url, PORTRAIT)
    applicant = Applicant(browser, page, kiosk.simulate, pictures)
    number = applicant.declare("nguyen-van-a")
    assert number.startswith("A")
    assert len(kiosk.papers) == 1, "one ticket came out"
    assert page.locator("body").inner_text().find("Nguyễn Văn A") < 0, "nothing of the visit is left"

    centre = browser.open(f"{kiosk.central}/dossiers", DESK, touch=False)
    deadline = time.monotonic() + 30
    while centre.locator("tbody tr").count() == 0:
        assert time.monotonic() < deadline, "the centre did not receive the dossier"
        centre.reload()
    browser.picture(centre, pictures / "centre-dossiers.png")
    browser.check(centre, smallest_target=0)
    centre.locator("tbody a").first.click()
    centre.get_by_text(applicant.code).wait_for()
    centre.get_by_text("Nguyễn Thị Bình An").first.wait_for()
    browser.picture(centre, pictures / "centre-dossier.png")
    browser.check(centre, smallest_target=0)
    browser.close(centre)

    call(hall, browser, pictures, number)
    browser.close(page)


def test_a_number_is_kept_on_the_screen_when_the_printer_has_no_paper(kiosk, browser, hall, pictures):
    kiosk.simulate("fault", "printer", "paper-out")
    page = browser.open(kiosk.url, LANDSCAPE)
    page.locator(".notice-warning").wait_for()
    applicant = Applicant(browser, page, kiosk.simulate, pictures, "no-paper")
    papers = len(kiosk.papers)
    number = applicant.take_number("en")
    assert applicant.has("confirm").is_visible()
    assert page.locator(".ticket .qr").is_visible()
    assert page.locator(".notice-warning").is_visible()
    _, counter = hall
    assert counter.locator(".queue-number", has_text=number).count() == 0, "not waiting before the person has the number"

    applicant.leave()
    assert len(kiosk.papers) == papers, "nothing was printed"
    counter.locator(".queue-number", has_text=number).wait_for()
    call(hall, browser, pictures, number)

    kiosk.simulate("fault", "printer", "paper-in")
    page.locator(".notice-warning").wait_for(state="detached")
    browser.close(page)


def test_what_goes_wrong_is_said_and_can_be_put_right(kiosk, browser, pictures):
    page = browser.open(kiosk.url, PORTRAIT)
    applicant = Applicant(browser, page, kiosk.simulate, pictures, "trouble")
    applicant.arrive("welcome")
    applicant.choose("vi", "need")
    applicant.choose("1.001193", "identify")

    # Another code than that of an identity card, then another person's card, then a card that is taken away too early.
    kiosk.simulate("qr", "show", "https://example.vn/")
    page.locator(".notice-error").wait_for()
    applicant.look("other-code")
    applicant.act("retry")
    kiosk.simulate("qr", "show", "nguyen-van-a")
    page.locator(".illustration-card-place").wait_for()
    kiosk.simulate("card", "insert", "ro-cham-lan")
    page.locator(".notice-error").wait_for(timeout=60_000)
    applicant.look("other-card")
    kiosk.simulate("card", "remove")
    applicant.act("skip")

    applicant.arrive("priority")
    applicant.act("next")
    applicant.arrive("advice")
    applicant.act("next")
    applicant.arrive("form")
    # Nothing is filled in.
    applicant.act("next")
    page.locator(".field-error").first.wait_for()
    applicant.look("form-refused")
    applicant.act("cancel")
    applicant.arrive("cancel")
    applicant.look()
    applicant.act("stay")
    applicant.arrive("form")
    applicant.act("cancel")
    applicant.act("leave")
    applicant.arrive("welcome")

    applicant.choose("vi", "need")
    applicant.choose("lookup", "lookup")
    page.locator(".entry").fill("TAM-000000-000000")
    applicant.act("search")
    page.locator(".notice-warning").wait_for()
    assert page.locator(".entry").input_value() == "TAM-000000-000000", "to be corrected, not typed again"
    applicant.look("lookup-unknown")
    browser.close(page)
