#!/usr/bin/env python3
"""What it costs to know whether a card lies there: by interrupts, and by asking the reader."""
import argparse
import glob
import json
import os
import shutil
import subprocess
import time

from bench import ROOT, Demonstration, Report

SECONDS = 20
LIMIT_PERCENT = 0.5


def processor_nanoseconds(pid):
    """Time on a processor, all threads, finer than the clock ticks of /proc/PID/stat."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total


def wait_for_reader(kiosk):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = subprocess.run([f"{kiosk.bin}/kioskctl", "devices", "--json"], capture_output=True, text=True)
        if answer.stdout.startswith("{"):
            devices = json.loads(answer.stdout).get("devices", [])  # an error while the daemon starts
            if any(device["role"] == "card-reader" and device["ready"] for device in devices):
                return
        time.sleep(0.1)
    raise SystemExit("the card reader does not become ready")


def idle_percent(kiosk, polling):
    """Percent of a core that the daemon uses while nobody is there."""
    folder = os.path.join(kiosk.state, "bench-devices")
    shutil.copytree(os.path.join(ROOT, "kiosk-config", "devices"), folder, dirs_exist_ok=True)
    with open(os.path.join(folder, "readers.yaml"), "w") as file:
        file.write(f"default: {{ polling: {'true' if polling else 'false'} }}\n")
    with open(os.path.join(kiosk.state, "kiosk.yaml")) as file:
        lines = [line for line in file if not line.startswith("  devices: ")]
    settings = os.path.join(kiosk.state, "bench.yaml")
    with open(settings, "w") as file:
        file.writelines(line + (f"  devices: {folder}\n" if line.startswith("folders:") else "") for line in lines)
    with open(os.path.join(kiosk.state, "bench.log"), "w") as log:
        process = subprocess.Popen(
            [f"{kiosk.bin}/kioskd", "--config", settings], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for_reader(kiosk)
        time.sleep(5)  # the quick questions after the start are over
        before = processor_nanoseconds(process.pid)
        time.sleep(SECONDS)
        return (processor_nanoseconds(process.pid) - before) / SECONDS / 1e7
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with Demonstration(arguments.build, "--no-kioskd") as kiosk:
        interrupts = idle_percent(kiosk, polling=False)
        polled = idle_percent(kiosk, polling=True)

    report = Report("reader")
    report.row("the whole daemon, idle, reader polled / with interrupts", "% of a core", polled, peer=interrupts)
    report.row("polling alone / half a percent of a core", "% of a core", max(0, polled - interrupts), limit=LIMIT_PERCENT)
    report.print(arguments.json)


if __name__ == "__main__":
    main()
