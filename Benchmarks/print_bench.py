#!/usr/bin/env python3
# product: print-latency
"""One ticket from the call that prints it to the last byte handed to USB: drawn, journalled with a durable commit, sent to the
simulator's printer over USB/IP. The printer's own speed is not in it."""
import argparse
import json
import os
import subprocess

from bench import Report, binaries

LIMIT_MS = 30


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    program = os.path.join(binaries(arguments.build), "print-latency")
    figures = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)

    report = Report("print")
    for percent in (50, 99):
        report.row(f"to the last byte, {percent}th percentile / {LIMIT_MS} ms", "ms",
                   percentile(figures["lastByte"], percent), limit=LIMIT_MS)
    report.row("to the proof, 99th percentile", "ms", percentile(figures["proof"], 99))
    report.print(arguments.json)


if __name__ == "__main__":
    main()
