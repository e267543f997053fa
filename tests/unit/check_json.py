"""Reads JSON strings of ours back. Each line of FILE holds the exact bytes in
hexadecimal and the JSON string that stands for them."""
import json
import sys

# Strict: the JSON itself must be valid UTF-8.
with open(sys.argv[1], encoding="utf-8", newline="") as f:
    lines = f.read().split("\n")[:-1]

for number, line in enumerate(lines, 1):
    exact, _, shown = line.partition(" ")
    want = bytes.fromhex(exact).decode("utf-8", "replace")
    if json.loads(shown) != want:
        sys.exit(f"line {number}: {shown!r} is not {want!r}")
