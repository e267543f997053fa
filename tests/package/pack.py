"""Making packages of the build under test, in a place of their own."""

import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "flow"))

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
VERSION = os.environ["VERSION"]

# Nothing in a package is older or newer than this.
EPOCH = "1767225600"


def pack(into, *generators):
    """Make packages; name -> path of what came out."""
    done = subprocess.run(
        [os.environ["CPACK"], "-G", ";".join(generators), "-B", into],
        cwd=os.environ["BUILD"], capture_output=True, text=True, check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH}, timeout=250)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return {name: os.path.join(into, name) for name in os.listdir(into)
            if name.startswith("coldsync")}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
