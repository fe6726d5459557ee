"""Converts XLSForms written as Markdown tables to ODK XForms. Called by scripts/forms."""

import argparse
import difflib
import pathlib
import re
import sys

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

FORMS = pathlib.Path(__file__).resolve().parent.parent / "kiosk-config" / "forms"
TABLE_LINE = re.compile(r"^\s*\|.*\|\s*$")
RULE_LINE = re.compile(r"^\s*\|[\s|:-]*-[\s|:-]*\|\s*$")


def xform(source: pathlib.Path) -> str:
    """The XForm of a Markdown file. Text between the tables is for readers only."""
    lines = source.read_text(encoding="utf-8").splitlines()
    tables = "\n".join(line for line in lines if TABLE_LINE.match(line) and not RULE_LINE.match(line))
    warnings: list[str] = []
    result = convert(tables, warnings=warnings, pretty_print=True, file_type=".md", form_name="data")
    if warnings:
        raise PyXFormError("; ".join(warnings))
    if f'id="{source.stem}"' not in result.xform:
        raise PyXFormError(f"form_id on the settings sheet must be {source.stem}, as the file's name")
    return result.xform.rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/forms", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a committed XForm differs")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="Markdown files; all of kiosk-config/forms if none")
    options = parser.parse_args()
    sources = options.files or sorted(f for f in FORMS.glob("*.md") if f.name != "README.md")

    faults = 0
    for source in sources:
        target = source.with_suffix(".xml")
        try:
            fresh = xform(source)
        except (PyXFormError, OSError) as error:
            print(f"{source}: {error}", file=sys.stderr)
            faults += 1
            continue
        committed = target.read_text(encoding="utf-8") if target.exists() else ""
        if fresh == committed:
            continue
        if options.check:
            print(f"{target} differs from a fresh conversion of {source.name}: run scripts/forms", file=sys.stderr)
            changes = difflib.unified_diff(committed.splitlines(), fresh.splitlines(), "committed", "fresh", n=0)
            print("\n".join(list(changes)[:20]), file=sys.stderr)
            faults += 1
        else:
            target.write_text(fresh, encoding="utf-8")
            print(f"wrote {target}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
