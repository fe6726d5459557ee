"""What Vietnamese keys write. Each case types its keys one by one, as a person does."""

import pytest

TELEX = {
    # tones, old style in open groups, on the second vowel in closed ones
    "hoaf": "hòa", "hoafn": "hoàn", "hoanf": "hoàn", "thuyr": "thủy", "thuys": "thúy", "khoer": "khỏe", "muaf": "mùa",
    "cuar": "của", "mias": "mía", "ngoafi": "ngoài", "khuyur": "khuỷu", "toans": "toán", "oanhs": "oánh", "tetj": "tẹt",
    # qu and gi are initials
    "quys": "quý", "quyts": "quýt", "quowr": "quở", "quoocs": "quốc", "giaf": "già", "gif": "gì", "giups": "giúp", "gieengs": "giếng",
    # marks, wherever in the syllable their key comes
    "nguyeenx": "nguyễn", "Vieetj": "Việt", "Vietej": "Việt", "Tieengs": "Tiếng", "tuaans": "tuấn", "Huees": "Huế",
    "muoons": "muốn", "yeeus": "yếu", "khuyeen": "khuyên", "uyeenr": "uyển", "quaanj": "quận", "sawn": "săn", "hoawcj": "hoặc",
    "muaw": "mưa", "tuwj": "tự", "cowm": "cơm",
    # ươ, and uơ in open syllables
    "nguwowif": "người", "nguwoif": "người", "nguoiwf": "người", "dduwowcj": "được", "huouw": "hươu", "ruouwj": "rượu",
    "ruwowuj": "rượu", "truongwf": "trường", "thuowr": "thuở", "thuowng": "thương", "thuongw": "thương", "uwow": "ươ",
    # one mark for another
    "coow": "cơ", "cawa": "câ", "uwaa": "uâ", "asz": "a", "afs": "á",
    # đ
    "ddoongf": "đồng", "dod": "đo", "Dduwcs": "Đức", "DDawks": "Đắk",
    # capitals
    "NGUYEENX": "NGUYỄN", "DUNGX": "DŨNG", "Nguyeenx": "Nguyễn",
    # a key again takes its mark back
    "ass": "as", "asss": "ass", "aaa": "aa", "aaaa": "aaa", "ddd": "dd", "aww": "aw", "uww": "uw", "uoww": "uow", "xooong": "xoong",
    # names of the highlands and of elsewhere
    "Row Chaam": "Rơ Châm", "H'Blowi": "H'Blơi", "Kpaw": "Kpă", "Lawks": "Lắk", "Ksorr": "Ksor", "Gia Lai": "Gia Lai",
    "Pleiku": "Pleiku", "lw": "lw", "azz": "azz", "12 s": "12 s",
}  # fmt: skip

VNI = {
    "nguye6n4": "nguyễn", "d9o6ng2": "đồng", "d9u7o7c5": "được", "D9a8k1": "Đắk", "tho6n": "thôn", "Tho6n 6": "Thôn 6",
    "a11": "a1", "a66": "a6", "ngu7o72i": "người", "nguoi72": "người",
}  # fmt: skip

TONE_KEYS = [
    # text before, tone, text after: the same key again takes the tone away
    ("hoa", 2, "hòa"), ("hòa", 2, "hoa"), ("hòa", 1, "hóa"), ("nguyên", 4, "nguyễn"), ("NGUYÊN", 4, "NGUYỄN"), ("Ayun", 1, "Ayún"),
    ("Siu", 2, "Sìu"), ("", 1, ""), ("12", 1, "12"), ("bơ̆", 1, "bơ̆́"),
]  # fmt: skip

ERASED = [("nguyễ", "nguy"), ("x", ""), ("bơ̆", "b"), ("c̆", ""), ("", "")]

TYPE = """async ([keys, method]) => {
  const { type } = await import("/assets/keyboard/telex.js");
  return Array.from(keys).reduce((text, key) => type(text, key, method), "");
}"""


@pytest.fixture(scope="module")
def page(browser):
    from gallery_server import GalleryServer

    with GalleryServer() as server:
        page = browser.open(server.url)
        yield page
        browser.close(page)


def differences(page, method, cases):
    typed = {keys: page.evaluate(TYPE, [keys, method]) for keys in cases}
    return {keys: (text, cases[keys]) for keys, text in typed.items() if text != cases[keys]}


def test_telex(page):
    assert differences(page, "telex", TELEX) == {}


def test_vni(page):
    assert differences(page, "vni", VNI) == {}


def test_off_writes_what_stands_on_the_keys(page):
    assert page.evaluate(TYPE, ["DDawks ass 12", "off"]) == "DDawks ass 12"


def test_letters_with_marks_of_their_own_move_the_tone(page):
    # hò + direct â is no syllable: the tone stays; ho + à by key, then n
    assert page.evaluate(TYPE, ["tiếng", "off"]) == "tiếng"
    assert page.evaluate(TYPE, ["hòan", "off"]) == "hoàn"


def test_tone_keys(page):
    script = """async ([text, tone]) => (await import("/assets/keyboard/telex.js")).setTone(text, tone)"""
    got = [(before, tone, page.evaluate(script, [before, tone])) for before, tone, _ in TONE_KEYS]
    assert [(*case[:2], case[2]) for case in TONE_KEYS] == got


def test_erase_takes_a_whole_letter(page):
    script = """async (text) => (await import("/assets/keyboard/telex.js")).erase(text)"""
    assert [(before, page.evaluate(script, before)) for before, _ in ERASED] == ERASED
