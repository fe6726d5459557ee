import os
from pathlib import Path

import pytest

from gallery_server import GalleryServer
from kiosk_browser import KioskBrowser


@pytest.fixture(scope="session")
def browser():
    with KioskBrowser() as browser:
        yield browser


@pytest.fixture
def server():
    with GalleryServer() as server:
        yield server


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the screens' pictures are kept: KIOSK_PICTURES, or .kiosk/pictures."""
    default = Path(__file__).resolve().parents[2] / ".kiosk/pictures"
    return Path(os.environ.get("KIOSK_PICTURES", default))
