"""What all benchmarks share: the report, free ports, and the demonstration kiosk under measurement."""
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "scripts"))


class Report:
    """Rows of ours, peer, limit and ratio; the ratio divides ours by the peer, or by the limit where there is no peer."""

    def __init__(self, name):
        self.name = name
        self.rows = []

    def row(self, case, unit, ours, peer=None, limit=None):
        base = peer if peer is not None else limit
        ratio = round(ours / base, 3) if base else None
        rounded = [None if value is None else round(value, 2) for value in (ours, peer, limit)]
        self.rows.append(dict(zip(("case", "unit", "ours", "peer", "limit", "ratio"), (case, unit, *rounded, ratio))))

    def print(self, as_json):
        if as_json:
            print(json.dumps({"name": self.name, "rows": self.rows}, ensure_ascii=False))
            return
        heads = ["case", "unit", "ours", "peer", "limit", "ratio"]
        table = [heads] + [["-" if row[h] is None else str(row[h]) for h in heads] for row in self.rows]
        widths = [max(len(line[column]) for line in table) for column in range(len(heads))]
        print(f"\n{self.name}  ({machine()})")
        for line in table:
            cells = [line[0].ljust(widths[0]), line[1].ljust(widths[1])]
            print("  " + "  ".join(cells + [cell.rjust(width) for cell, width in zip(line[2:], widths[2:])]))


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        found = re.search(r"model name\s*:\s*(.+)", file.read())
        if found:
            model = found.group(1)
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    version = re.search(r"Swift version (\S+)", swift)
    return (f"{os.cpu_count()} cores, {model}; Linux {platform.release()}; Swift {version.group(1) if version else '?'}; "
            f"Python {platform.python_version()}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def binaries(build):
    return subprocess.run(
        ["swift", "build", "-c", build, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True,
        text=True).stdout.strip()


class Demonstration:
    """`scripts/run` on ports and in a folder of its own, for as long as the `with` block lasts."""

    def __init__(self, build, *options):
        self.build = build
        self.options = options
        self.ports = {name: free_port() for name in ("port", "central-port", "usbip-port", "escl-port")}

    def __enter__(self):
        self.state = tempfile.mkdtemp(prefix="kiosk-bench-")
        command = [os.path.join(ROOT, "scripts", "run"), "--no-build", "--state", self.state, *self.options]
        if self.build == "release":
            command.append("--release")
        for name, port in self.ports.items():
            command += [f"--{name}", str(port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        for line in self.process.stdout:
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise SystemExit(f"scripts/run ended before the kiosk was ready; see {self.state}/log")
        self.bin = binaries(self.build)
        os.environ["KIOSK_SIM_CONTROL"] = os.path.join(self.state, "sim.sock")
        os.environ["KIOSK_SOCKET"] = os.path.join(self.state, "control.sock")
        return self

    def __exit__(self, *_):
        os.kill(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)
        shutil.rmtree(self.state)

    @property
    def kiosk(self):
        return f"http://127.0.0.1:{self.ports['port']}"

    @property
    def central(self):
        return f"http://127.0.0.1:{self.ports['central-port']}"

    def status(self):
        """`kioskctl status`, once every device is ready."""
        deadline = time.monotonic() + 30
        while True:
            answer = subprocess.run(
                [os.path.join(self.bin, "kioskctl"), "status", "--json"], capture_output=True, text=True)
            if answer.returncode == 0:
                return json.loads(answer.stdout)
            if time.monotonic() > deadline:
                raise SystemExit(f"the kiosk does not become ready: {answer.stdout}{answer.stderr}")
