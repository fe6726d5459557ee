#!/usr/bin/env python3
"""A whole visit with zero think time: where the time goes, and how many durable commits it needs."""
import argparse
import statistics

from bench import Demonstration, Report
import journey

VISITS = 5
# What a visit has to commit: ticket with dossier and outbox, the proof of printing, the centre's receipt.
NEEDED_COMMITS = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    visits, commits = [], []
    with Demonstration(arguments.build) as kiosk:
        before = kiosk.status()["commits"]
        for _ in range(VISITS):
            visit = journey.Journey(
                kiosk.kiosk, kiosk.central, f"{kiosk.bin}/kiosk-sim", kiosk.state, say=lambda text: None)
            visit.run()
            visits.append(visit.seconds)
            after = kiosk.status()["commits"]
            commits.append(after - before)
            before = after

    report = Report("visit")
    median = {step: statistics.median(visit[step] for visit in visits) * 1000 for step in visits[0]}
    whole = sum(median.values())
    for step, milliseconds in median.items():
        report.row(f"{step}, time / whole visit", "ms", milliseconds, peer=whole)
    report.row("durable commits / what a visit must commit", "commits", statistics.median(commits), limit=NEEDED_COMMITS)
    report.print(arguments.json)


if __name__ == "__main__":
    main()
