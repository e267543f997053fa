"""What the README says, for the tests that hold it to that."""

import os
import re

README = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")


def text():
    with open(README, encoding="utf-8") as file:
        return file.read()


def commands():
    """The commands of each block that has nothing but coldsync's own, as lists
    of words behind the program's name."""
    found = []
    for block in re.findall(r"(?ms)^```\n(.*?)^```$", text()):
        lines = [line.split("#")[0].split() for line in block.splitlines()]
        if lines and all(line[:1] == ["coldsync"] for line in lines):
            found.append([line[1:] for line in lines])
    return found


def cell(row, column):
    """What the table of other tools says in that row of that tool."""
    lines = [line for line in text().splitlines() if line.startswith("| ")]
    heads = next(line for line in lines if "Unison" in line)
    where = [head.strip() for head in heads.split("|")].index(column)
    told, = [line for line in lines if line.startswith(f"| {row} |")]
    return told.split("|")[where].strip()
