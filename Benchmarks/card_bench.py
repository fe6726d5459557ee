#!/usr/bin/env python3
# product: card-bench
"""Reading a card with a photograph of 20 KB over a modelled contactless link: our reader against what the link and the chip need
at least, and against a loop that reads fixed blocks of 223 bytes. The figures are the model's; no card and no time are involved."""
import argparse
import json
import os
import subprocess

from bench import Report, binaries

RATE = 424
# What an applicant waits for DG1, DG13 and EF.SOD, at most.
FIRST_GROUPS_MS = 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    program = os.path.join(binaries(arguments.build), "card-bench")
    figures = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)

    def find(way, reader, rate=RATE):
        return next(f for f in figures if (f["way"], f["reader"], f["kbit"]) == (way, reader, rate))

    report = Report("card")
    for way in ("extended", "short"):
        ours, fixed = find(way, "first of its kind"), find(way, "blocks of 223")
        agreement, alone = ours["agreementMs"], ours["limitMs"]
        report.row(f"{way}, whole card, time / link limit", "ms", ours["milliseconds"], limit=alone)
        report.row(f"{way}, least of any reader (link limit and the chip's key agreement) / link limit", "ms",
                   alone + agreement, limit=alone)
        report.row(f"{way}, whole card, time / least of any reader", "ms", ours["milliseconds"], limit=alone + agreement)
        report.row(f"{way}, without the chip's key agreement, time / link limit", "ms",
                   ours["milliseconds"] - agreement, limit=alone)
        report.row(f"{way}, whole card, with AES as Java Card does it, time / link limit", "ms",
                   find(way, "Java Card's AES")["milliseconds"], limit=alone)
        report.row(f"{way}, first three groups, time / what an applicant may wait", "ms", ours["holderMs"],
                   limit=FIRST_GROUPS_MS)
        report.row(f"{way}, whole card, time / fixed blocks of 223", "ms", ours["milliseconds"],
                   peer=fixed["milliseconds"])
        report.row(f"{way}, whole card, commands / fixed blocks of 223", "commands", ours["commands"],
                   peer=fixed["commands"])
        report.row(f"{way}, whole card, bytes / bytes in the files", "bytes", ours["bytes"], limit=ours["fileBytes"])
        report.row(f"{way}, second card of its kind, commands / first", "commands", find(way, "known kind")["commands"],
                   peer=ours["commands"])
        for rate in (106, 212, 848):
            other = find(way, "first of its kind", rate)
            report.row(f"{way}, whole card at {rate} kbit/s, time / link limit", "ms", other["milliseconds"],
                       limit=other["limitMs"])
    report.print(arguments.json)


if __name__ == "__main__":
    main()
