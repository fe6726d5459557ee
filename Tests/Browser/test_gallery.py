"""Every screen of the journey, upright and lying: drawn, photographed, and free of faults."""

import pytest

from gallery_server import sample, sample_names
from kiosk_browser import LANDSCAPE, PORTRAIT

SIZES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize("name", sample_names())
def test_screen(browser, server, pictures, name, form):
    screen = sample(name)
    server.screens.put(screen)
    page = browser.open(server.url, SIZES[form])
    page.get_by_role("heading", level=1, name=screen["title"], include_hidden=True).wait_for()
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    browser.picture(page, pictures / f"{name}-{form}.png")
    assert page.evaluate("document.documentElement.lang") == screen["language"]
    browser.check(page)
    browser.close(page)
