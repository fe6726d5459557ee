#!/usr/bin/env python3
"""A scripted applicant: uses the kiosk through the same HTTP interface as the touchscreen, from the welcome screen to
the ticket, and then looks at what the centre holds. `scripts/run --journey` calls it; `scripts/bench visit` measures it.
"""
import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

# What the applicant answers, by the name of the question in the form.
ANSWERS = {
    "relation": "father",
    "child_name": "Nguyễn Thị Bình An",
    "child_sex": "female",
    "date_of_birth": None,  # a week ago; see below
    "place_of_birth": "Bệnh viện Đa khoa tỉnh Gia Lai, phường Pleiku, tỉnh Gia Lai",
    "child_ethnicity": "kinh",
    "home_town": "Xã Ba, tỉnh Gia Lai",
    "mother_name": "Trần Thị Cẩm Tú",
    "mother_number": "052192001234",
    "mother_year": "1992",
    "mother_ethnicity": "kinh",
    "mother_residence": "Xã Ba, tỉnh Gia Lai",
    "father_known": "yes",
    "proof_kind": "hospital",
    "copies": "2",
}


class Failure(Exception):
    """The journey cannot go on; the text says where and why."""


class Touchscreen:
    """The kiosk's screen as the page sees it: pushed by server-sent events, answered by posts."""

    def __init__(self, base):
        self.address = urllib.parse.urlsplit(base)
        self.screen = None
        self.broken = None  # why no screen comes any more
        self.changed = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            self._take_events()
            broken = "the kiosk closed the connection"
        except (OSError, http.client.HTTPException, ValueError) as error:
            broken = str(error)
        with self.changed:
            self.broken = broken
            self.changed.notify_all()

    def _take_events(self):
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=120)
        connection.request("GET", "/api/kiosk/events", headers={"Accept": "text/event-stream"})
        response = connection.getresponse()
        event, data = None, []
        while line := response.readline():
            line = line.decode("utf-8").rstrip("\n").rstrip("\r")
            if line.startswith("event:"):
                event = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].removeprefix(" "))
            elif not line:
                if event == "screen" and data:
                    self._take(json.loads("\n".join(data)))
                event, data = None, []

    def _take(self, screen):
        with self.changed:
            if self.screen is None or screen["revision"] >= self.screen["revision"]:
                self.screen = screen
                self.changed.notify_all()

    def wait(self, what, condition, seconds=60):
        """The first screen for which the condition holds."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while self.screen is None or not condition(self.screen):
                if self.broken:
                    raise Failure(f"waited for {what}, but no screen comes from {self.address.geturl()}: {self.broken}")
                left = deadline - time.monotonic()
                if left <= 0:
                    shown = self.screen and (self.screen["id"], self.screen.get("notice"))
                    raise Failure(f"waited {seconds} s for {what}; the screen shows {shown}")
                self.changed.wait(left)
            return self.screen

    def act(self, action, value=None, values=None):
        body = {"revision": self.screen["revision"], "action": action}
        if value is not None:
            body["value"] = value
        if values is not None:
            body["values"] = values
        screen = request(
            f"{self.address.geturl()}/api/kiosk/action", method="POST", body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        self._take(json.loads(screen))
        return self.screen

    def page(self, url):
        return request(f"{self.address.geturl()}{url}")


def request(url, method="GET", body=None, headers=None):
    with urllib.request.urlopen(
            urllib.request.Request(url, data=body, method=method, headers=headers or {}), timeout=60) as response:
        return response.read()


def has_action(name):
    return lambda screen: any(action["id"] == name and action["enabled"] for action in screen["actions"])


def are_pages_there(screen):
    """All are ready, or somebody is asked about one."""
    if screen["id"] == "scan-finding":
        return True
    pages = [page for block in blocks(screen, "scans") for page in block["pages"]]
    return screen["id"] == "scan" and has_action("next")(screen) and all(page["state"] != "preparing" for page in pages)


def blocks(screen, kind):
    return [block for block in screen["blocks"] if block["type"] == kind]


class Journey:
    def __init__(self, kiosk, central, simulator, state, citizen="nguyen-van-a", say=print):
        self.screen = Touchscreen(kiosk)
        self.central = central
        self.simulator = simulator
        self.state = state
        self.citizen = citizen
        self.say = say
        self.seconds = {}  # by step
        self._step = None
        self._began = None

    def simulate(self, *words):
        result = subprocess.run([self.simulator, *words], capture_output=True, text=True)
        if result.returncode != 0:
            raise Failure(f"kiosk-sim {' '.join(words)}: {result.stderr.strip()}")
        return result.stdout.strip()

    def step(self, name, text):
        now = time.monotonic()
        if self._step:
            self.seconds[self._step] = self.seconds.get(self._step, 0) + now - self._began
        self._step, self._began = name, now
        if text:
            self.say(f"  {text}")

    def run(self):
        screen = self.screen
        screen.wait("the welcome screen", lambda s: s["id"] == "welcome")
        self.step("begin", "welcome: Vietnamese")
        screen.act("language", "vi")
        screen.act("need", "1.001193")

        self.step("identify", "identify: shows the QR code, lays the card on the reader")
        self.simulate("qr", "show", self.citizen)
        self.simulate("card", "insert", self.citizen)
        shown = screen.wait("the card to be read", lambda s: has_action("next")(s) or has_action("retry")(s), 30)
        if not has_action("next")(shown):
            raise Failure(f"the card was not read: {shown['notice']}")
        self.say(f"            {shown['notice']['text']}")
        screen.act("next")
        self.simulate("card", "remove")

        self.step("priority", "priority: none claimed")
        screen.act("next", values={"priority": ""})
        self.step("advice", "advice: " + ", ".join(i["value"] for b in blocks(screen.screen, "facts") for i in b["items"][:2]))
        screen.act("next")
        self.step("form", "form:")
        self.fill_form()
        self.step("scan", "papers:")
        pages = self.scan()
        self.step("submit", "check: everything read again, submitted")
        screen.act("submit")
        shown = screen.wait("the ticket", lambda s: s["id"] == "ticket" or s.get("notice", {}) and s["id"] == "review", 60)
        if shown["id"] != "ticket":
            raise Failure(f"not submitted: {shown['notice']}")
        self.step("print", f"ticket: {blocks(shown, 'ticket')[0]['number']} is being printed")
        shown = screen.wait("the proof", lambda s: has_action("finish")(s) or has_action("confirm")(s), 60)
        ticket = blocks(shown, "ticket")[0]
        proof = "printed" if has_action("finish")(shown) else "none"
        code = next(i["value"] for b in blocks(shown, "facts") for i in b["items"])
        self.say(f"            proof: {proof}; dossier {code}")
        self.step("finish", "thank you, and everything is wiped")
        screen.act("finish" if proof == "printed" else "confirm")
        screen.act("finish")
        screen.wait("the welcome screen", lambda s: s["id"] == "welcome")
        self.step("sync", "the centre receives the dossier")
        dossier = self.wait_for_dossier(code)
        self.step(None, None)
        return self.summary(dossier, ticket, proof, pages)

    def fill_form(self):
        screen = self.screen
        week_ago = time.strftime("%Y-%m-%d", time.localtime(time.time() - 7 * 86400))
        for _ in range(60):
            shown = screen.screen
            if shown["id"] != "form":
                return
            # An answer can bring further questions on the same page: answer until nothing new appears.
            answered = {}
            while True:
                answers = {}
                for field in blocks(screen.screen, "field"):
                    name = field["name"].rsplit("/", 1)[-1]
                    if field["readOnly"] or field["control"] == "note" or field["name"] in answered:
                        continue
                    value = week_ago if name == "date_of_birth" else ANSWERS.get(name)
                    if value is None and field["control"] == "selectMultiple" and field["options"]:
                        value = field["options"][0]["value"]
                    if value is not None:
                        answers[field["name"]] = value
                if not answers:
                    break
                answered.update(answers)
                screen.act("answer", values=answers)
            self.say(f"            {shown['title']}: {len(answered)} answer(s), "
                     f"{sum(bool(f.get('origin')) for f in blocks(shown, 'field'))} from the card")
            before = screen.screen["revision"]
            after = screen.act("next", values=answered)
            if after["id"] == "form" and after.get("notice"):
                wrong = [(f["name"], f["error"]) for f in blocks(after, "field") if f.get("error")]
                raise Failure(f"the form refuses {wrong} on the page {after['title']} (revision {before})")
        raise Failure("the form does not end")

    def scan(self):
        screen = self.screen
        folder = os.path.join(self.state, "journey")
        os.makedirs(folder, exist_ok=True)
        wanted = next(b for b in blocks(screen.screen, "scans") if b["required"])
        screen.act("scan", wanted["component"])
        shown = screen.wait("the pages", are_pages_there, 60)
        while shown["id"] == "scan-finding":
            self.say(f"            kept although: {shown['notice']['text']}")
            screen.act("keep")
            shown = screen.wait("the pages", are_pages_there, 60)
        found = next(b for b in blocks(shown, "scans") if b["component"] == wanted["component"])
        if not found["pages"]:
            raise Failure(f"no page was scanned: {shown.get('notice')}")
        pages = []
        for number, page in enumerate(found["pages"], 1):
            path = os.path.join(folder, f"page-{number}.jpg")
            data = screen.page(page["url"])
            with open(path, "wb") as file:
                file.write(data)
            width, height = jpeg_size(data)
            pages.append({"path": path, "width": width, "height": height})
            self.say(f"            {found['label']}: page {number}, {width} × {height}")
        screen.act("next")
        if screen.screen["id"] != "review":
            raise Failure(f"after scanning the screen shows {screen.screen['id']}: {screen.screen.get('notice')}")
        return pages

    def wait_for_dossier(self, code):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for dossier in json.loads(request(f"{self.central}/api/dossiers"))["dossiers"]:
                if dossier["provisionalCode"] == code:
                    return dossier
            time.sleep(0.02)
        raise Failure(f"the centre did not get dossier {code} within 60 s")

    def queue_class(self, number):
        """The id of the ticket's class, as the technician sees it."""
        kioskctl = os.path.join(os.path.dirname(self.simulator), "kioskctl")
        answer = subprocess.run([kioskctl, "queue", "list", "--json"], capture_output=True, text=True)
        if answer.returncode != 0:
            raise Failure(f"kioskctl queue list: {answer.stderr.strip()}")
        return next(t["queueClass"] for t in json.loads(answer.stdout)["tickets"] if t["number"] == number)

    def summary(self, dossier, ticket, proof, pages):
        answers = json.loads(request(f"{self.central}/dossiers/{dossier['id']}/files/answers.json"))
        papers = os.path.join(self.state, "sim", "paper")
        png = max((os.path.join(papers, name) for name in os.listdir(papers)), key=os.path.getmtime)
        return {
            "applicant": {
                "name": answers["applicant"]["name"], "number": answers["applicant"]["number"],
                "access": answers["applicant"]["access"],
            },
            "form": {
                "id": answers["form"], "version": answers["version"],
                "answers": {a["path"]: a["value"] for a in answers["answers"]},
            },
            "scan": {"pages": pages},
            "ticket": {"number": ticket["number"], "class": self.queue_class(ticket["number"]), "proof": proof, "png": png},
            "dossier": {
                "id": dossier["id"],
                "files": [{k: file[k] for k in ("name", "sha256", "bytes")} for file in dossier["files"]],
                "receipt": bool(dossier.get("receipt")),
            },
        }


def jpeg_size(data):
    """Width and height from the start-of-frame segment (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2:at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 5:at + 7], "big")
        at += 2 + length
    raise Failure("a scanned page is not a JPEG file")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kiosk", required=True, help="the kiosk's address")
    parser.add_argument("--central", required=True, help="the centre's address")
    parser.add_argument("--bin", required=True, help="the folder with kiosk-sim")
    parser.add_argument("--state", required=True, help="the state folder of scripts/run")
    parser.add_argument("--citizen", default="nguyen-van-a")
    parser.add_argument("--json", action="store_true", help="print the summary as one JSON object")
    arguments = parser.parse_args()
    out = sys.stderr if arguments.json else sys.stdout
    journey = Journey(
        arguments.kiosk, arguments.central, os.path.join(arguments.bin, "kiosk-sim"), arguments.state,
        arguments.citizen, say=lambda text: print(text, file=out, flush=True))
    try:
        summary = journey.run()
    except (Failure, OSError) as error:
        print(f"The journey ended early: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False))
        return 0
    print(f"""
  Applicant  {summary['applicant']['name']}, {summary['applicant']['number']} (chip opened by {summary['applicant']['access']})
  Form       {summary['form']['id']} version {summary['form']['version']}, {len(summary['form']['answers'])} answers
  Papers     {len(summary['scan']['pages'])} page(s): {', '.join(p['path'] for p in summary['scan']['pages'])}
  Ticket     {summary['ticket']['number']} ({summary['ticket']['class']}), proof: {summary['ticket']['proof']}
             {summary['ticket']['png']}
  Dossier    {summary['dossier']['id']}, receipt: {summary['dossier']['receipt']}""")
    for file in summary["dossier"]["files"]:
        print(f"             {file['name']:24} {file['bytes']:>9} bytes  {file['sha256']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
