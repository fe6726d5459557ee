"""The on-screen keyboard: it types Vietnamese, and covers nothing that is being filled in."""

import pytest

from gallery_server import sample
from kiosk_browser import LANDSCAPE, PORTRAIT

NAME = "Họ, chữ đệm và tên của trẻ"


def open_form(browser, server, size=PORTRAIT, name="09-form-name"):
    server.screens.put(sample(name))
    page = browser.open(server.url, size)
    page.get_by_role("heading", level=1).wait_for()
    return page


def tap(page, keys):
    for key in keys.split():
        page.locator(".keyboard .key", has_text=key).first.click() if len(key) > 1 else page.get_by_role("button", name=key, exact=True).click()


def press(page, label):
    page.locator(".keyboard").get_by_role("button", name=label, exact=True).click()


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_types_without_knowing_telex(browser, server, pictures, size):
    page = open_form(browser, server, size)
    field = page.get_by_label(NAME)
    field.click()
    for key in ["R", "ơ", "Dấu cách", "C", "h", "â", "m", "Dấu cách", "H", "o", "a", "dấu huyền"]:
        press(page, key)
    assert field.input_value() == "Rơ Châm Hòa"
    browser.picture(page, pictures / f"30-keyboard-{'portrait' if size == PORTRAIT else 'landscape'}.png")
    browser.check(page)
    press(page, "Xong")
    assert page.locator(".keyboard").is_hidden()
    browser.close(page)


def test_types_telex_on_screen_and_by_a_real_keyboard(browser, server):
    page = open_form(browser, server)
    field = page.get_by_label(NAME)
    field.click()
    for key in ["N", "g", "u", "y", "e", "e", "n", "x"]:
        press(page, key)
    page.keyboard.type(" Thij DDuwcs")
    assert field.input_value() == "Nguyễn Thị Đức"
    page.keyboard.press("Backspace")
    assert field.input_value() == "Nguyễn Thị Đứ"
    browser.close(page)


def test_types_in_the_middle_of_a_text(browser, server):
    page = open_form(browser, server)
    field = page.get_by_label(NAME)
    field.fill("Hoa An")
    field.evaluate("field => field.setSelectionRange(3, 3)")
    page.keyboard.type("f")
    assert field.input_value() == "Hòa An"
    assert field.evaluate("field => field.selectionStart") == 3
    browser.close(page)


def test_other_signs_and_letters_of_the_highlands(browser, server, pictures):
    page = open_form(browser, server)
    field = page.get_by_label(NAME)
    field.click()
    press(page, "Ký hiệu khác")
    press(page, "Ñ")
    press(page, "ơ̆")
    press(page, "'")
    assert field.input_value() == "Ñơ̆'"
    browser.picture(page, pictures / "31-keyboard-signs.png")
    browser.check(page)
    press(page, "Xóa một chữ")
    press(page, "Xóa một chữ")
    assert field.input_value() == "Ñ"
    browser.close(page)


def test_telex_can_be_put_off(browser, server):
    page = open_form(browser, server)
    field = page.get_by_label(NAME)
    field.click()
    press(page, "Telex")
    press(page, "VNI")
    page.keyboard.type("Ross")
    assert field.input_value() == "Ross"
    browser.close(page)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_does_not_cover_the_field(browser, server, size):
    page = open_form(browser, server, size, "11-form-mother")
    field = page.get_by_label("Số điện thoại")
    field.click()
    page.wait_for_function(
        """() => {
          const field = document.activeElement.getBoundingClientRect();
          const area = document.querySelector(".content").getBoundingClientRect();
          return field.top >= area.top && field.bottom <= area.bottom;
        }"""
    )
    browser.close(page)


def test_a_date_is_typed_box_by_box(browser, server, pictures):
    page = open_form(browser, server)
    page.get_by_label("Ngày", exact=True).click()
    for figure in "7122026":
        press(page, figure)
    assert [page.get_by_label(label, exact=True).input_value() for label in ("Ngày", "Tháng", "Năm")] == ["7", "12", "2026"]
    browser.picture(page, pictures / "32-keypad.png")
    browser.check(page)
    page.get_by_role("button", name="Tiếp tục").click()
    assert server.acted("next")["values"]["/data/child/birth"] == "2026-12-07"
    browser.close(page)


def test_numbers_take_figures_only(browser, server):
    page = open_form(browser, server, name="12-form-copies")
    page.get_by_label("Số bản sao cần cấp").click()
    page.keyboard.type("x1y2")
    page.get_by_label("Chiều cao của trẻ").click()
    page.keyboard.press("Backspace")
    page.keyboard.type("75")
    page.get_by_role("button", name="Tiếp tục").click()
    values = server.acted("next")["values"]
    assert values["/data/copies"] == "212"
    assert values["/data/fee"] == "50.75"
    browser.close(page)


def test_a_finger_types_each_letter_once(browser, server):
    """The keys are drawn anew after a capital, under the finger that is still on one of them."""
    page = open_form(browser, server)
    field = page.get_by_label(NAME)
    field.tap()
    for key in ["A", "n", "Dấu cách", "B", "a"]:
        page.locator(".keyboard").get_by_role("button", name=key, exact=True).tap()
    assert field.input_value() == "An Ba"
    browser.close(page)


def test_done_touches_nothing_behind_the_keyboard(browser, server):
    page = open_form(browser, server)
    page.get_by_label(NAME).tap()
    page.evaluate("window.clicks = []; document.addEventListener('click', (event) => clicks.push(event.target.className), true)")
    page.locator(".key-done").tap()
    page.locator(".keyboard").wait_for(state="hidden")
    assert [name for name in page.evaluate("clicks") if "key-done" not in name] == []
    browser.close(page)


def test_an_identification_number_opens_the_number_pad_and_keeps_its_zeros(browser, server):
    screen = sample("09-form-name")
    number = {"type": "field", "name": "/data/number", "label": "Số định danh", "control": "text", "keyboard": "numbers", "value": "", "required": True, "readOnly": False, "options": []}
    screen["blocks"] = [number]
    server.screens.put(screen)
    page = browser.open(server.url)
    page.get_by_label("Số định danh").tap()
    page.locator(".board-digits").wait_for()
    for figure in "0521":
        press(page, figure)
    press(page, "Xong")
    page.get_by_role("button", name="Tiếp tục").tap()
    assert server.acted("next")["values"] == {"/data/number": "0521"}
    browser.close(page)


def test_the_field_stays_in_sight_when_a_question_appears_above(browser, server):
    screen = sample("11-form-mother")
    server.screens.put(screen)
    page = browser.open(server.url)
    page.get_by_label("Số điện thoại").tap()
    page.locator(".keyboard .key-done").wait_for()
    more = [{**screen["blocks"][0], "name": f"/data/more/{index}"} for index in range(6)]
    server.screens.put({**screen, "revision": screen["revision"] + 1, "blocks": [*more, *screen["blocks"]]})
    page.locator("[data-name='/data/more/5']").wait_for(state="attached")
    page.wait_for_function(
        """() => {
          const field = document.activeElement.getBoundingClientRect();
          const area = document.querySelector(".content").getBoundingClientRect();
          return document.activeElement.dataset.keyboard && field.top >= area.top && field.bottom <= area.bottom;
        }"""
    )
    browser.close(page)
