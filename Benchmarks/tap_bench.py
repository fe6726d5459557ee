#!/usr/bin/env python3
"""From the tap for a ticket to the last byte that USB takes, and to the screen that says that it is printed: over HTTP, with the
durable commits, to the simulator's printer over USB/IP. The last byte's time is the kiosk's own: it is in the event log, where the
step is written down after the last byte. Part of the proof's time is the simulator's, which writes the paper as a picture first."""
import argparse
import os
import sqlite3
import time

from bench import Demonstration, Report
import journey

VISITS = 300
LIMIT_MS = 30


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def take_ticket(screen):
    """One visit for a number only. Returns when it was tapped, and the milliseconds from there to the proof on the screen."""
    screen.wait("the welcome screen", lambda shown: shown["id"] == "welcome")
    screen.act("language", "vi")
    screen.act("need", "ticket")
    screen.act("skip")
    tapped, start = time.time(), time.monotonic()
    screen.act("next", values={"priority": ""})
    shown = screen.wait("the proof", lambda shown: shown["id"] == "ticket" and len(shown["actions"]) > 0)
    took = (time.monotonic() - start) * 1000
    if not journey.has_action("finish")(shown):
        raise SystemExit(f"the ticket has no proof: {shown['notice']}")
    screen.act("finish")
    screen.act("finish")
    return tapped, took


def last_bytes(state):
    """When each ticket's last byte was handed over, in seconds since 1970."""
    with sqlite3.connect(f"file:{os.path.join(state, 'data', 'kiosk.sqlite')}?mode=ro", uri=True) as database:
        return [at / 1000 for (at,) in database.execute(
            "SELECT at_ms FROM event WHERE name = 'ticket.paper-awaiting-proof' ORDER BY id")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with Demonstration(arguments.build) as kiosk:
        kiosk.status()
        screen = journey.Touchscreen(kiosk.kiosk)
        for _ in range(10):
            take_ticket(screen)
        taken = [take_ticket(screen) for _ in range(VISITS)]
        handed = last_bytes(kiosk.state)[-VISITS:]
    sent = [(handed - tapped) * 1000 for handed, (tapped, _) in zip(handed, taken, strict=True)]

    report = Report("tap")
    for percent in (50, 99):
        report.row(f"tap to last byte, {percent}th percentile / 30 ms", "ms", percentile(sent, percent), limit=LIMIT_MS)
        report.row(f"tap to proof on the screen, {percent}th percentile", "ms", percentile([t for _, t in taken], percent))
    report.print(arguments.json)


if __name__ == "__main__":
    main()
