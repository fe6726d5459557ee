"""The real programs behind the pages: simulator, centre and daemon, started by scripts/run in a folder of their own.

    with RunningKiosk() as kiosk:
        page = browser.open(kiosk.url, PORTRAIT)
        kiosk.simulate("card", "insert", "nguyen-van-a")
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

START_SECONDS = 60
STOP_SECONDS = 30


class RunningKiosk:
    """Runs what was built last. Its ports and its folder belong to it alone, and nothing of it is left at the end."""

    def __enter__(self):
        self.state = Path(tempfile.mkdtemp(prefix="kiosk-"))
        port, central, usbip, escl = free_ports(4)
        self.url, self.central = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{central}"
        self._process = subprocess.Popen(
            ["scripts/run", "--no-build", "--port", str(port), "--central-port", str(central), "--usbip-port", str(usbip),
             "--escl-port", str(escl), "--state", str(self.state)],
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        left = self._end_group()
        shutil.rmtree(self.state, ignore_errors=True)
        assert not left, "scripts/run left programs behind"

    def _wait_until_ready(self):
        # The watchdog ends a start that hangs; reading then comes to the end of the pipe.
        watchdog = threading.Timer(START_SECONDS, self._end_group)
        watchdog.start()
        lines = []
        for line in self._process.stdout:
            lines.append(line)
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise AssertionError(f"scripts/run did not start:\n{''.join(lines)}")
        watchdog.cancel()

    def _end_group(self) -> bool:
        """Kills what is left of the session that this object has started; True when there was something."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def simulate(self, *words):
        """A command of kiosk-sim: a card is laid down, a device fails."""
        result = subprocess.run(
            [REPOSITORY / ".build/debug/kiosk-sim", *words], env={**os.environ, "KIOSK_SIM_CONTROL": str(self.state / "sim.sock")},
            capture_output=True, text=True)  # fmt: skip
        assert result.returncode == 0, f"kiosk-sim {' '.join(words)}: {result.stderr}"

    @property
    def papers(self) -> list:
        """Pictures of what the printer has printed, oldest first."""
        return sorted((self.state / "sim/paper").glob("*.png"), key=lambda path: path.stat().st_mtime)


def free_ports(count: int) -> list:
    """Ports that nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
