"""Serves the pages' files with sample screens and a scripted hall, for pictures and page tests only.

The content security policy is read out of the Swift source, so that what passes here passes there. The daemon itself is
driven by `journey.py`.
"""

import json
import queue
import re
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WEB = REPOSITORY / "Sources/Interfaces/Web"
RESOURCES = WEB / "Resources"
GALLERY = Path(__file__).resolve().parent / "gallery"

TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
PAGES = {"/": "kiosk.html", "/display": "display.html", "/counter": "counters.html"}


def security_policy() -> str:
    source = (WEB / "SecurityHeaders.swift").read_text()
    text = re.search(r'contentSecurityPolicy = """\n(.*?)"""', source, re.S).group(1)
    return " ".join(re.sub(r"\\\n", " ", text).split())


def sample(name: str) -> dict:
    return json.loads((GALLERY / f"{name}.json").read_text())


def sample_names() -> list:
    return sorted(path.stem for path in GALLERY.glob("*.json"))


class Source:
    """A state that many streams follow."""

    def __init__(self, event: str, state):
        self.event, self.state = event, state
        self._streams, self._lock = [], threading.Lock()

    def put(self, state):
        with self._lock:
            self.state = state
            for stream in self._streams:
                stream.put(state)

    def open(self) -> queue.Queue:
        with self._lock:
            stream = queue.Queue()
            stream.put(self.state)
            self._streams.append(stream)
            return stream

    def cut(self):
        """Ends every stream, as a daemon does that stops."""
        with self._lock:
            for stream in self._streams:
                stream.put(None)
            self._streams = []


class GalleryServer:
    """`server.show(screen)` shows a screen; `server.actions` are the actions that the page posted."""

    def __init__(self):
        self.screens = Source("screen", sample("01-welcome"))
        self.display = Source("display", {"title": "Bộ phận Một cửa xã Ia Grai", "calls": [], "waiting": 0, "announcement": 0})
        self.counter = Source("counter", {"counter": 2, "label": "2", "waiting": [], "notices": []})
        self.actions = queue.Queue()
        self.counter_posts = queue.Queue()
        # What an action leads to: a function from action and screen to the next screen, or None to stay.
        self.on_action = lambda action, screen: None
        # What a counter's post is answered with: status and JSON.
        self.on_counter = lambda deed: (200, self.counter.state)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        for source in (self.screens, self.display, self.counter):
            source.cut()
        self._http.shutdown()
        self._http.server_close()

    def show(self, screen: dict):
        """Shows the screen under the next revision."""
        self.screens.put({**screen, "revision": self.screens.state["revision"] + 1})

    def acted(self, action: str, timeout=5) -> dict:
        """The next action of this name that the page posts."""
        while True:
            posted = self.actions.get(timeout=timeout)
            if posted["action"] == action:
                return posted

    def _act(self, action: dict) -> dict:
        self.actions.put(action)
        screen = self.screens.state
        if action["revision"] == screen["revision"]:
            following = self.on_action(action, screen)
            if following is not None:
                self.show(following)
        return self.screens.state

    def _handler(self):
        gallery, policy = self, security_policy()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def send(self, status, kind, body: bytes):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", policy)
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def send_json(self, value, status=200):
                self.send(status, "application/json", json.dumps(value).encode())

            def stream(self, source: Source):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                states = source.open()
                try:
                    self.wfile.write(b'retry: 200\nevent: hello\ndata: "1"\n\n')
                    while (state := states.get()) is not None:
                        self.wfile.write(f"event: {source.event}\ndata: {json.dumps(state)}\n\n".encode())
                        self.wfile.flush()
                except OSError:
                    return

            def do_GET(self):
                if self.path == "/api/kiosk/events":
                    self.stream(gallery.screens)
                elif self.path == "/api/display/events":
                    self.stream(gallery.display)
                elif re.fullmatch(r"/api/counter/\d+/events", self.path):
                    self.stream(gallery.counter)
                elif self.path == "/api/counters":
                    self.send_json([{"number": number, "label": str(number)} for number in range(1, 6)])
                elif self.path.startswith("/api/kiosk/pages/"):
                    self.send(200, "image/png", page_picture())
                elif re.fullmatch(r"/counter/\d+", self.path):
                    self.file("counter.html")
                elif self.path in PAGES:
                    self.file(PAGES[self.path])
                elif self.path.startswith("/assets/"):
                    self.file(self.path.removeprefix("/assets/"))
                else:
                    self.send(404, "text/plain", b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/api/kiosk/action":
                    self.send_json(gallery._act(json.loads(body)))
                elif found := re.fullmatch(r"/api/counter/\d+/([a-z-]+)", self.path):
                    gallery.counter_posts.put(found.group(1))
                    status, answer = gallery.on_counter(found.group(1))
                    self.send_json(answer, status)
                else:
                    self.send(404, "text/plain", b"")

            def file(self, path):
                file = (RESOURCES / path).resolve()
                if not file.is_relative_to(RESOURCES) or not file.is_file():
                    return self.send(404, "text/plain", b"")
                self.send(200, TYPES[file.suffix], file.read_bytes())

        return Handler


def page_picture(width=620, height=877) -> bytes:
    """A page with lines on it, as PNG."""
    rows = []
    for y in range(height):
        line, inside = divmod(y, 26)
        dark = 3 < line < 30 and inside < 8 and line != 6
        indent, end = (190, 430) if line == 4 else (70, 550 - (line * 37) % 190)
        rows.append(b"\0" + bytes(90 if dark and indent < x < end and (x + line * 31) % 67 > 8 else 246 for x in range(width)))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")
