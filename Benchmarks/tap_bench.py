#!/usr/bin/env python3
"""From the tap for a ticket to the screen that says that it is printed: over HTTP, with the durable commits, to the simulator's
printer over USB/IP. The simulator prints at once, so the last byte was handed to USB before that screen came."""
import argparse
import time

from bench import Demonstration, Report
import journey

VISITS = 300
LIMIT_MS = 30


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def take_ticket(screen):
    """One visit for a number only. Returns the milliseconds from the tap to the proof on the screen."""
    screen.wait("the welcome screen", lambda shown: shown["id"] == "welcome")
    screen.act("language", "vi")
    screen.act("need", "ticket")
    screen.act("skip")
    start = time.monotonic()
    screen.act("next", values={"priority": ""})
    shown = screen.wait("the proof", lambda shown: shown["id"] == "ticket" and len(shown["actions"]) > 0)
    took = (time.monotonic() - start) * 1000
    if not journey.has_action("finish")(shown):
        raise SystemExit(f"the ticket has no proof: {shown['notice']}")
    screen.act("finish")
    screen.act("finish")
    return took


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

    report = Report("tap")
    for percent in (50, 99):
        report.row(f"tap to proof, {percent}th percentile / 30 ms", "ms", percentile(taken, percent), limit=LIMIT_MS)
    report.print(arguments.json)


if __name__ == "__main__":
    main()
