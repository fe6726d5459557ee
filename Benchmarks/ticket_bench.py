#!/usr/bin/env python3
# product: ticket-bench
"""Drawing a queue ticket and encoding it for the printer: ours against a Python program that draws the same ticket with Pillow
and hands it to python-escpos as an image, both in one run on this machine, one after the other, each warm."""
import argparse
import json
import os
import shutil
import subprocess
import sys

from bench import ROOT, Report, binaries

# Drawing one ticket may take this long, so that the whole way from the tap to the printer stays under 30 ms.
DRAWING_MS = 5
TICKET = {
    "hall": "Trung tâm Phục vụ hành chính công phường Quy Nhơn", "number": "A000", "className": "Ưu tiên",
    "procedure": "Đăng ký khai sinh", "issuedAt": "08:41, thứ Tư 25/11/2026",
    "notes": ["Trước bạn còn 3 người", "Quét mã để xem lượt của mình trên điện thoại"],
    "qr": "https://motcua.example/q/23710/A-7F3K9Q",
}
PEER_PACKAGES = ["python-escpos==3.1"]
OURS, PEERS = 500, 60


def peer_python():
    """The Python of an environment that holds python-escpos, made at the first use."""
    folder = os.path.join(ROOT, ".build", "ticket-bench-venv")
    python = os.path.join(folder, "bin", "python")
    stamp = os.path.join(folder, "packages")
    wanted = "\n".join(PEER_PACKAGES)
    if os.path.exists(stamp) and open(stamp, encoding="utf-8").read() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER_PACKAGES], check=True)
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(wanted)
    return python


def run(command):
    done = subprocess.run(command, check=True, input=json.dumps(TICKET), capture_output=True, text=True)
    # python-escpos writes its warnings to standard output, too.
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    program = os.path.join(binaries(arguments.build), "ticket-bench")
    script = os.path.join(ROOT, "Benchmarks", "TicketBench", "escpos_peer.py")
    peer = run([peer_python(), script, str(PEERS)])
    ours = run([program, str(OURS)])
    # The same paper on both sides, or bytes would compare nothing.
    if abs(ours["height"] / peer["height"] - 1) > 0.1:
        raise SystemExit(f"the tickets differ: {ours['height']:.0f} and {peer['height']:.0f} dots high")

    report = Report("ticket")
    report.row("tickets per second / python-escpos", "1/s", ours["tickets"] / ours["seconds"],
               peer=peer["tickets"] / peer["seconds"])
    report.row("bytes of one ticket / python-escpos", "bytes", ours["bytes"], peer=peer["bytes"])
    report.row(f"drawing one ticket, ms / {DRAWING_MS} ms", "ms", ours["drawingMs"], limit=DRAWING_MS)
    report.row(f"drawing one ticket, 99th percentile, ms / {DRAWING_MS} ms", "ms", ours["drawing99Ms"], limit=DRAWING_MS)
    report.row("height of the ticket / python-escpos", "dots", ours["height"], peer=peer["height"])
    report.print(arguments.json)


if __name__ == "__main__":
    main()
