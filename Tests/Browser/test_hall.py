"""The hall's display and the counters' pages."""

import pytest

from kiosk_browser import LANDSCAPE, PORTRAIT

DESK = (1366, 768)


def call(number, counter, priority=False, sequence=0):
    return {"number": number, "counter": counter, "calledAt": "2026-11-24T02:00:00Z", "isPriority": priority, "sequence": sequence}


def entry(number, priority=False, procedure="Đăng ký khai sinh", **more):
    return {
        "ticket": "7D1F4A52-90B3-4C6E-8A11-0F2D5C7E9B63", "number": number, "isPriority": priority,
        "className": "Ưu tiên" if priority else "Thường", "procedure": procedure, "issuedAt": "2026-11-24T02:00:00Z", **more,
    }  # fmt: skip


CALLS = [call("U005", "2", True), call("A011", "1"), call("A010", "3"), call("A009", "2"), call("U004", "1", True), call("A008", "3"), call("A007", "1")]


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_display(browser, server, pictures, size):
    server.display.put({"title": "Bộ phận Một cửa xã Ia Grai", "calls": CALLS, "waiting": 12, "announcement": 40})
    page = browser.open(f"{server.url}/display", size, touch=False)
    page.locator(".number", has_text="U005").wait_for()
    assert page.locator(".calls-number").all_inner_texts()[0].startswith("A011")
    browser.picture(page, pictures / f"40-display-{'landscape' if size == LANDSCAPE else 'portrait'}.png")
    browser.check(page)
    browser.close(page)


def test_display_of_a_hall_that_has_just_opened(browser, server, pictures):
    page = browser.open(f"{server.url}/display", LANDSCAPE, touch=False)
    page.get_by_text("Chưa gọi số nào").wait_for()
    browser.picture(page, pictures / "41-display-empty.png")
    browser.check(page)
    browser.close(page)


def test_two_calls_at_once_are_both_announced_in_their_order(browser, server):
    """Drives the queue itself, so that no test waits for its seconds."""
    page = browser.open(f"{server.url}/display", LANDSCAPE, touch=False)
    got = page.evaluate(
        """async () => {
          const { Announcements } = await import("/assets/hall/announcements.js");
          const call = (number, sequence) => ({ number, sequence });
          const queue = new Announcements();
          const first = queue.take({ calls: [call("A1", 7)], announcement: 7 });
          queue.take({ calls: [call("A2", 8), call("A1", 7)], announcement: 8 });
          queue.take({ calls: [call("A4", 10), call("A3", 9), call("A2", 8)], announcement: 10 });
          // Nothing new, then a recall, which does not bring its number to the top of the list.
          queue.take({ calls: [call("A4", 10), call("A3", 9), call("A2", 8)], announcement: 10 });
          queue.take({ calls: [call("A4", 10), call("A3", 11), call("A2", 8)], announcement: 11 });
          const announced = [];
          for (let next; (next = queue.next()); ) announced.push(next.number);
          // A daemon that began to count anew announces nothing twice.
          queue.take({ calls: [call("A4", 0)], announcement: 0 });
          queue.take({ calls: [call("A5", 1), call("A4", 0)], announcement: 1 });
          return [first.number, announced, queue.next().number, queue.next() ?? null];
        }"""
    )
    assert got == ["A1", ["A2", "A3", "A4", "A3"], "A5", None]
    browser.close(page)


def test_a_call_is_announced_while_the_display_runs(browser, server):
    server.display.put({"title": "Một cửa", "calls": CALLS[1:], "waiting": 3, "announcement": 1})
    page = browser.open(f"{server.url}/display", LANDSCAPE, touch=False)
    page.locator(".number", has_text="A011").wait_for()
    server.display.put({"title": "Một cửa", "calls": [{**CALLS[0], "sequence": 2}, *CALLS[1:]], "waiting": 2, "announcement": 2})
    page.locator(".number", has_text="U005").wait_for()
    assert page.get_by_role("status").inner_text() == "Mời số U005, đến quầy 2"
    assert page.locator(".priority").first.is_visible()
    browser.close(page)


def counter_view(**more):
    return {
        "counter": 2, "label": "2", "notices": ["Phiếu A012 chưa chắc đã in: người dân có thể chụp số trên màn hình."],
        "waiting": [entry("U006", True), entry("A012"), entry("A013", procedure=None)], **more,
    }  # fmt: skip


def test_counter_page(browser, server, pictures):
    server.counter.put(counter_view(current=entry("A011", calledAt="2026-11-24T02:10:00Z", dossier="H21.41-261124-0007")))
    page = browser.open(f"{server.url}/counter/2", DESK, touch=False)
    page.get_by_text("A011").wait_for()
    browser.picture(page, pictures / "42-counter.png")
    browser.check(page)
    server.counter.put(counter_view())
    page.get_by_text("Quầy đang trống").wait_for()
    assert page.get_by_role("button", name="Hoàn thành").is_disabled()
    browser.close(page)


def test_counter_list(browser, server, pictures):
    page = browser.open(f"{server.url}/counter", DESK, touch=False)
    page.get_by_role("link", name="Quầy 3").wait_for()
    browser.picture(page, pictures / "43-counters.png")
    browser.check(page)
    browser.close(page)


def test_one_key_finishes_and_calls_the_next(browser, server):
    server.counter.put(counter_view(current=entry("A011")))
    page = browser.open(f"{server.url}/counter/2", DESK, touch=False)
    page.get_by_text("A011").wait_for()
    page.keyboard.press("g")
    assert [server.counter_posts.get(timeout=5) for _ in range(2)] == ["finish", "call-next"]
    page.get_by_role("button", name="Gọi lại").click()
    assert server.counter_posts.get(timeout=5) == "recall"
    page.get_by_role("button", name="Vắng mặt").click()
    assert server.counter_posts.get(timeout=5) == "no-show"
    browser.close(page)


def test_a_fault_is_told_with_what_to_do(browser, server):
    server.counter.put(counter_view())
    server.on_counter = lambda deed: (409, {"code": "nobody-waits", "message": "Không còn ai chờ.", "remedy": "Danh sách tự cập nhật."})
    page = browser.open(f"{server.url}/counter/2", DESK, touch=False)
    page.get_by_role("button", name="Gọi số tiếp theo").click()
    page.get_by_role("alert").get_by_text("Danh sách tự cập nhật.").wait_for()
    browser.close(page)
