#!/usr/bin/env python3
# product: document-bench
# product: kiosk-page
# product: kiosk-text
# product: scan-corpus
"""Ten generated scans of A4 at 300 dpi (skewed, noisy, with stamps; `scan-corpus`) become a document of record, as the daemon makes it (its
pages one after the other in one process): without text on one core, and with text against OCRmyPDF, both on the same two cores, one after the other, in one run."""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

from bench import ROOT, Report, binaries

# A page without its text layer may take this long on one core, and be so long.
PAGE_MS = 150
PAGE_BYTES = 200_000
PEER_PACKAGES = ["ocrmypdf==17.13.0", "img2pdf==0.6.3"]
# What the peer calls beside tesseract.
PEER_PROGRAMS = {"tesseract": "tesseract-ocr", "gs": "ghostscript", "unpaper": "unpaper", "pdftotext": "poppler-utils"}
# The work that ours does: straighten, turn upright, clean for the reading, write PDF/A-2b; two pages at a time.
PEER_OPTIONS = ["--deskew", "--rotate-pages", "--clean", "-l", "vie+eng", "--output-type", "pdfa-2", "--jobs", "2"]
# Two threads in one tesseract are several times slower than one in each of two: the peer gets the better setting.
ENVIRONMENT = {**os.environ, "OMP_THREAD_LIMIT": "1"}
RUNS = 5


def peer_folder():
    """The programs of an environment that holds OCRmyPDF, made at the first use."""
    missing = [package for program, package in PEER_PROGRAMS.items() if not shutil.which(program)]
    if missing:
        raise SystemExit("the peer needs: apt-get install " + " ".join(missing))
    folder = os.path.join(ROOT, ".build", "scan-bench-venv")
    stamp = os.path.join(folder, "packages")
    wanted = "\n".join(PEER_PACKAGES)
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = os.path.join(folder, "bin", "python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER_PACKAGES], check=True)
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(wanted)
    return os.path.join(folder, "bin")


def on_cores(cores, command):
    """Seconds that a command takes on these cores, and what it prints."""
    start = time.monotonic()
    done = subprocess.run(["taskset", "-c", cores, *command], env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{os.path.basename(command[0])} failed: {done.stderr[-2000:]}")
    return time.monotonic() - start, done.stdout


def on_one_core(command):
    """Seconds of processor time, of the program and all that it starts, and the seconds that it says it took. The first is the
    same on a machine that does other things beside it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(on_cores("0", command)[1])["seconds"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def read(pdf, page):
    text = subprocess.run(
        ["pdftotext", "-f", str(page), "-l", str(page), pdf, "-"], check=True, capture_output=True, text=True).stdout
    return words(text)


def words(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def edits(one, other):
    """Levenshtein's distance: characters to insert, delete or replace."""
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one):
        before, row[0] = row[0], index + 1
        for place, found in enumerate(other):
            change = before + (letter != found)
            before = row[place + 1]
            row[place + 1] = min(change, before + 1, row[place] + 1)
    return row[-1]


def character_errors(pdf, truth):
    """Characters of all pages that are wrong, per hundred of the known text. What a picture shows beside it (handwriting,
    stamps) counts against both sides alike."""
    wrong = sum(edits(words(page["text"]), read(pdf, number + 1)) for number, page in enumerate(truth))
    return 100 * wrong / sum(len(words(page["text"])) for page in truth)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="release")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    peer = peer_folder()
    programs = binaries(arguments.build)
    ours = os.path.join(programs, "document-bench")
    with tempfile.TemporaryDirectory(prefix="scan-bench-") as folder:
        scans = os.path.join(folder, "scans")
        subprocess.run([os.path.join(programs, "scan-corpus"), scans], check=True)
        with open(os.path.join(scans, "truth.json"), encoding="utf-8") as file:
            truth = json.load(file)["pages"]
        files = [os.path.join(scans, page["file"]) for page in truth]
        measure(Report("scan"), ours, peer, folder, scans, files, truth).print(arguments.json)


def measure(report, ours, peer, folder, scans, files, truth):
    plain, mine, joined, theirs = (os.path.join(folder, name) for name in ("plain.pdf", "ours.pdf", "in.pdf", "peer.pdf"))
    pages = len(files)
    runs = [on_one_core([ours, "prepare", scans, plain]) for _ in range(RUNS)]
    for case, quickest in zip(("processor time", "time"), map(min, zip(*runs))):
        report.row(f"without text layer, {case} per page on one core / {PAGE_MS} ms", "ms", 1_000 * quickest / pages,
                   limit=PAGE_MS)
    report.row(f"without text layer, bytes per page / {PAGE_BYTES}", "bytes", os.path.getsize(plain) / pages, limit=PAGE_BYTES)

    subprocess.run([os.path.join(peer, "img2pdf"), "--imgsize", "300dpix300dpi", *files, "-o", joined], check=True)
    our_seconds = on_cores("0,1", [ours, "text", scans, mine])[0]
    peer_seconds = on_cores("0,1", [os.path.join(peer, "ocrmypdf"), "--quiet", *PEER_OPTIONS, joined, theirs])[0]
    report.row("with text layer, time / OCRmyPDF", "s", our_seconds, peer=peer_seconds)
    report.row("with text layer, bytes per page / OCRmyPDF", "bytes", os.path.getsize(mine) / pages,
               peer=os.path.getsize(theirs) / pages)
    report.row("with text layer, wrong characters / OCRmyPDF", "%", character_errors(mine, truth),
               peer=character_errors(theirs, truth))

    few, many = (json.loads(on_cores("0", [ours, "memory", files[0], str(count)])[1])["kilobytes"] for count in (10, 200))
    report.row("memory to write 200 pages / 10 pages", "MB", many / 1_024, peer=few / 1_024)
    return report


if __name__ == "__main__":
    main()
