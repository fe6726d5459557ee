"""How the kiosk's page behaves: what it posts, what it keeps, what it says."""

import copy

from gallery_server import sample
from kiosk_browser import PORTRAIT

NAME = "Họ, chữ đệm và tên của trẻ"


def open_screen(browser, server, name):
    server.screens.put(sample(name))
    page = browser.open(server.url, PORTRAIT)
    page.get_by_role("heading", level=1, include_hidden=True).wait_for()
    return page


def settled(page):
    """Waits until the last action was answered: until then further taps count for nothing."""
    page.locator("body:not(.sending)").wait_for()


def test_a_tap_on_a_choice_is_the_answer(browser, server):
    page = open_screen(browser, server, "02-need")
    page.get_by_role("button", name="Chỉ lấy số thứ tự").click()
    assert server.acted("need") == {"revision": sample("02-need")["revision"], "action": "need", "value": "ticket", "values": {}}
    browser.close(page)


def test_what_is_marked_goes_with_the_next_action(browser, server):
    page = open_screen(browser, server, "07-priority")
    page.get_by_label("Người khuyết tật").check(force=True)
    page.get_by_role("button", name="Tiếp tục").click()
    assert server.acted("next")["values"] == {"priority": "elderly disabled"}
    browser.close(page)


def test_a_chosen_option_is_answered_at_once(browser, server):
    page = open_screen(browser, server, "09-form-name")
    page.get_by_label("Nữ").check(force=True)
    answers = [server.acted("answer")["values"] for _ in range(2)]
    assert answers == [{}, {"/data/child/sex": "female"}], "the touch says that somebody is there, and nothing untouched is answered"
    browser.close(page)


def test_a_touch_says_that_somebody_is_there_but_not_each_touch(browser, server):
    page = open_screen(browser, server, "09-form-name")
    for label in ("Ngày", "Tháng", "Năm"):
        page.get_by_label(label, exact=True).click()
    assert server.acted("answer")["values"] == {}
    settled(page)
    assert server.actions.empty()
    browser.close(page)


def test_the_new_screen_is_read_from_its_title(browser, server):
    server.on_action = lambda action, screen: sample("03-identify") if action["action"] == "need" else None
    page = open_screen(browser, server, "02-need")
    page.get_by_role("button", name="Đăng ký khai sinh").click()
    title = page.get_by_role("heading", level=1, name=sample("03-identify")["title"])
    title.wait_for()
    assert title.evaluate("title => document.activeElement === title")
    browser.close(page)


def test_what_was_typed_stays_when_the_screen_changes_around_it(browser, server):
    page = open_screen(browser, server, "09-form-name")
    field = page.get_by_label(NAME)
    field.click()
    page.keyboard.type("Lan")
    screen = copy.deepcopy(sample("09-form-name"))
    screen["notice"] = {"kind": "warning", "text": "Xin xem lại."}
    screen["blocks"][0]["error"] = "Thiếu họ."
    server.show(screen)
    page.get_by_text("Thiếu họ.").wait_for()
    assert field.input_value() == "Lan"
    assert field.evaluate("field => document.activeElement === field")
    page.keyboard.type(" Anh")
    assert field.input_value() == "Lan Anh"
    browser.close(page)


def test_a_text_is_answered_when_the_next_question_is_begun(browser, server):
    page = open_screen(browser, server, "09-form-name")
    page.get_by_label(NAME).fill("Lan")
    page.get_by_label("Ngày", exact=True).focus()
    assert server.acted("answer")["values"] == {"/data/child/name": "Lan"}
    browser.close(page)


def test_enter_ends_a_line(browser, server):
    page = open_screen(browser, server, "09-form-name")
    page.get_by_label(NAME).focus()
    page.keyboard.type("Lan\n")
    assert page.get_by_label(NAME).input_value() == "Lan"
    page.locator(".keyboard").wait_for(state="hidden")
    browser.close(page)


def test_a_value_that_the_daemon_sets_is_shown(browser, server):
    page = open_screen(browser, server, "09-form-name")
    screen = copy.deepcopy(sample("09-form-name"))
    screen["blocks"][0]["value"] = "Nguyễn Thị Mẫu"
    server.show(screen)
    page.wait_for_function("() => document.querySelector('.entry-text').value === 'Nguyễn Thị Mẫu'")
    browser.close(page)


def test_a_new_question_between_others_leaves_them_alone(browser, server):
    page = open_screen(browser, server, "09-form-name")
    field = page.get_by_label(NAME)
    field.click()
    page.keyboard.type("Lan")
    screen = copy.deepcopy(sample("09-form-name"))
    screen["blocks"].insert(0, {**screen["blocks"][0], "name": "/data/new", "label": "Câu hỏi mới"})
    server.show(screen)
    page.get_by_label("Câu hỏi mới").wait_for()
    assert field.input_value() == "Lan"
    browser.close(page)


def test_the_next_page_of_a_form_begins_at_its_top_though_its_title_is_the_same(browser, server):
    page = open_screen(browser, server, "11-form-mother")
    page.locator(".content").evaluate("content => content.scrollTo(0, 9999)")
    server.show({**sample("12-form-copies"), "title": sample("11-form-mother")["title"]})
    page.get_by_label("Số bản sao cần cấp").wait_for()
    assert page.locator(".content").evaluate("content => content.scrollTop") == 0
    browser.close(page)


def test_the_idle_question_takes_and_gives_back_the_focus(browser, server):
    page = open_screen(browser, server, "09-form-name")
    field = page.get_by_label(NAME)
    field.focus()
    server.show(sample("20-idle"))
    stay = page.get_by_role("alertdialog").get_by_role("button", name="Tôi còn ở đây")
    stay.wait_for()
    assert stay.evaluate("button => document.activeElement === button")
    server.on_action = lambda action, screen: sample("09-form-name") if action["action"] == "stay" else None
    stay.click()
    page.get_by_role("alertdialog").wait_for(state="detached")
    assert field.evaluate("field => document.activeElement === field")
    browser.close(page)


def test_a_second_tap_of_a_double_tap_does_not_skip_a_screen(browser, server):
    server.on_action = lambda action, screen: {**sample("10-form-errors"), "title": "Câu tiếp"} if action["action"] == "next" else None
    page = open_screen(browser, server, "09-form-name")
    page.get_by_role("button", name="Tiếp tục").dblclick()
    page.get_by_role("heading", level=1, name="Câu tiếp").wait_for()
    server.acted("next")
    assert server.actions.empty()
    browser.close(page)


def test_a_lost_daemon_is_told_and_found_again(browser, server, pictures):
    page = open_screen(browser, server, "02-need")
    page.route("**/api/kiosk/events", lambda route: route.abort())
    server.screens.cut()
    page.get_by_text("mất liên lạc").wait_for()
    browser.picture(page, pictures / "33-lost.png")
    page.unroute("**/api/kiosk/events")
    page.get_by_text("mất liên lạc").wait_for(state="hidden")
    browser.close(page)


def test_scans_and_changes_name_what_they_mean(browser, server):
    page = open_screen(browser, server, "14-scan-pages")
    page.get_by_role("button", name="Trang 2").click()
    assert server.acted("openPage")["value"] == "p2"
    settled(page)
    page.get_by_role("button", name="Quét thêm").click()
    assert server.acted("scan")["value"] == "birth-certificate"
    settled(page)
    server.show(sample("15-review"))
    page.get_by_role("button", name="Sửa Ngày sinh").click()
    assert server.acted("change")["value"] == "/data/child/birth"
    browser.close(page)


def test_a_page_says_what_it_is_and_what_is_wrong_with_it(browser, server):
    page = open_screen(browser, server, "14-scan-pages")
    names = page.locator(".scan-list button").evaluate_all("buttons => buttons.map((button) => button.textContent)")
    assert names == ["Trang 1Chạm để xem lớn", "Cần xem lạiTrang 2Chạm để xem lớn", "Trang 3Chạm để xem lớn"]
    assert page.get_by_role("status").inner_text() == "Đã tự bỏ 1 trang trắng."
    browser.close(page)


def test_a_page_that_is_being_prepared_has_no_picture_yet_and_the_others_keep_theirs(browser, server):
    fetched = []
    server.screens.put(sample("31-scan-preparing"))
    page = browser.open(server.url, PORTRAIT)
    page.on("request", lambda request: "/pages/" in request.url and fetched.append(request.url[-2:]))
    page.get_by_text("Đang chuẩn bị trang").first.wait_for()
    assert page.locator(".scan img").count() == 1
    assert page.locator(".scan-list button").count() == 1
    fetched.clear()
    screen = copy.deepcopy(sample("31-scan-preparing"))
    screen["blocks"][1]["pages"][1] = {**screen["blocks"][1]["pages"][1], "state": "ready", "mark": None}
    server.show(screen)
    page.locator(".scan img").nth(1).wait_for()
    assert fetched == ["p2"], "what has not changed is not fetched again"
    browser.close(page)


def test_a_page_is_moved_by_keys_and_the_focus_stays_at_the_end(browser, server):
    def moved(action, screen):
        number = {"later": 1, "earlier": -1}.get(action["action"], 0) + int(screen["lead"][6])
        following = copy.deepcopy(sample("35-scan-page"))
        following["lead"] = f"Trang {number}/3"
        following["blocks"][0]["deeds"][0]["enabled"] = number > 1
        following["blocks"][0]["deeds"][1]["enabled"] = number < 3
        return following

    server.on_action = moved
    page = open_screen(browser, server, "35-scan-page")
    later = page.get_by_role("button", name="Chuyển ra sau")
    later.focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        assert server.acted("later")
        page.get_by_text(f"Trang {number}/3").wait_for()
        settled(page)
    assert later.evaluate("button => document.activeElement.dataset.deed") == "later"
    assert later.get_attribute("aria-disabled") == "true"
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Trang 2/3").wait_for()
    assert server.acted("earlier"), "nothing is moved beyond the end"
    browser.close(page)


def test_a_question_has_two_answers_and_a_double_tap_answers_one_page(browser, server):
    def kept(action, screen):
        return {**sample("34-scan-finding"), "title": "Giấy chứng sinh: trang 3/3"} if action["action"] == "keep" else None

    server.on_action = kept
    page = open_screen(browser, server, "34-scan-finding")
    page.get_by_role("button", name="Giữ trang này").dblclick()
    page.get_by_role("heading", level=1, name="Giấy chứng sinh: trang 3/3").wait_for()
    server.acted("keep")
    assert server.actions.empty()
    page.get_by_role("button", name="Quét lại trang này").click()
    server.acted("retake")
    browser.close(page)


def test_a_long_list_can_be_searched_without_marks(browser, server):
    page = open_screen(browser, server, "11-form-mother")
    page.get_by_label("Tìm trong danh sách").fill("ede")
    assert page.locator(".option:visible").all_inner_texts() == ["Gia Rai"], "what is chosen stays in sight"
    page.get_by_label("Tìm trong danh sách").fill("ê đ")
    assert "Ê Đê" in page.locator(".option:visible").all_inner_texts()
    browser.close(page)


def test_every_illustration_and_icon_is_drawn(browser, server):
    page = open_screen(browser, server, "01-welcome")
    missing = page.evaluate(
        """async () => {
          const { illustration } = await import("/assets/lib/illustrations.js");
          const { icon } = await import("/assets/lib/icons.js");
          const wait = illustration("wait", "").innerHTML, other = icon("document").innerHTML;
          return ["card-qr", "card-place", "card-hold", "scan-feeder", "take-ticket", "done"].filter((name) => illustration(name, "").innerHTML === wait)
            .concat(["birth", "ticket", "search", "elderly", "pregnant", "disabled", "merit", "flag-vi", "flag-en"].filter((name) => icon(name).innerHTML === other));
        }"""
    )
    assert missing == []
    browser.close(page)
