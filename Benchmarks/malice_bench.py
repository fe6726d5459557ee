#!/usr/bin/env python3
"""What a malicious card costs the daemon: memory above what it held before its first card, and time to an answer."""
import argparse
import os
import re
import subprocess
import time

from bench import Demonstration, Report

MEGABYTES = 16
SECONDS = 15
HOLDER = "nguyen-van-a"
QR = "001090123456|012345678|Nguyễn Văn A|01011990|Nam|Số 1, Phố Z, Hà Nội|02052021"


def resident(pid, key):
    """VmRSS (now) or VmHWM (at most), in megabytes."""
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(rf"{key}:\s*(\d+) kB", file.read()).group(1)) / 1024


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")


class Reader:
    def __init__(self, kiosk, pid):
        self.bin, self.pid = kiosk.bin, pid
        self.idle = resident(pid, "VmRSS")

    def simulate(self, *words):
        return subprocess.run([f"{self.bin}/kiosk-sim", *words], check=True, capture_output=True, text=True).stdout

    def kinds(self):
        """The kinds of malice, as the simulator names them."""
        return re.search(r"--malice WHAT \(([^)]*)\)", self.simulate("list")).group(1).split(", ")

    def read(self, *insertion):
        """Megabytes and seconds that one card costs, and what was said about it."""
        self.simulate("card", "insert", HOLDER, *insertion)
        forget_peak(self.pid)
        start = time.monotonic()
        answer = subprocess.run(
            [f"{self.bin}/kioskctl", "card", "read", "--qr", QR], capture_output=True, text=True, timeout=120)
        seconds = time.monotonic() - start
        megabytes = resident(self.pid, "VmHWM") - self.idle
        self.simulate("card", "remove")
        said = (answer.stdout + answer.stderr).strip().splitlines()
        return megabytes, seconds, said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--say", action="store_true", help="what kioskctl said about each card")
    arguments = parser.parse_args()

    report = Report("malice")
    with Demonstration(arguments.build, "--no-kioskd") as kiosk:
        with open(os.path.join(kiosk.state, "bench.log"), "w") as log:
            process = subprocess.Popen(
                [f"{kiosk.bin}/kioskd", "--config", f"{kiosk.state}/kiosk.yaml"], stdout=log, stderr=subprocess.STDOUT)
        try:
            kiosk.status()
            reader = Reader(kiosk, process.pid)
            reader.simulate("card", "remove")
            cards = [("honest", [])] + [(kind, ["--malice", kind]) for kind in reader.kinds()]
            for kind, insertion in cards + [("endless waiting", [])]:
                if kind == "endless waiting":
                    reader.simulate("card", "slow", "forever")
                megabytes, seconds, said = reader.read(*insertion)
                if arguments.say:
                    print(f"--- {kind}", *said, sep="\n")
                report.row(f"{kind}, memory / 16 MB", "MB", megabytes, limit=MEGABYTES)
                report.row(f"{kind}, time / 15 s", "s", seconds, limit=SECONDS)
        finally:
            process.terminate()
            process.wait()
    report.print(arguments.json)


if __name__ == "__main__":
    main()
