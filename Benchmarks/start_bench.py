#!/usr/bin/env python3
"""How quickly the daemon is there, and what it costs while nobody is: against Python's http.server."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from bench import Demonstration, Report, free_port

STARTS = 5
IDLE_SECONDS = 10
IDLE_LIMIT_PERCENT = 1.0


def first_answer(command, url):
    """Starts a program; seconds until `url` answers. Leaves it running."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return time.monotonic() - began, process
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.001)


def resident_megabytes(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(command, url):
    seconds = []
    for _ in range(STARTS - 1):
        taken, process = first_answer(command, url)
        seconds.append(taken)
        process.terminate()
        process.wait()
    taken, process = first_answer(command, url)
    seconds.append(taken)
    time.sleep(2)  # what starts late is there now
    before = processor_seconds(process.pid)
    time.sleep(IDLE_SECONDS)
    idle = (processor_seconds(process.pid) - before) / IDLE_SECONDS * 100
    memory = resident_megabytes(process.pid)
    process.terminate()
    process.wait()
    return statistics.median(seconds) * 1000, memory, idle


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with Demonstration(arguments.build, "--no-kioskd") as kiosk:
        ours = measure([f"{kiosk.bin}/kioskd", "--config", f"{kiosk.state}/kiosk.yaml"], f"{kiosk.kiosk}/")

    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        peer = measure(
            [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", folder],
            f"http://127.0.0.1:{port}/")

    report = Report("start")
    report.row("start to first screen, time / Python's http.server", "ms", ours[0], peer=peer[0])
    report.row("resident memory / Python's http.server", "MB", ours[1], peer=peer[1])
    report.row("processor while idle, all four devices attached / 1 % of a core", "% of a core", ours[2],
               limit=IDLE_LIMIT_PERCENT)
    report.print(arguments.json)


if __name__ == "__main__":
    main()
