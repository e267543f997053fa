"""Would the tests notice? Each promise of the system is broken in turn.

    prove.py LIBRARY [--quick] [--table] [SABOTAGE...]

LIBRARY is saboteur.c, built. With it in front of the C library the program
runs on a system that does not do what it says, and the tests named here must
turn red; with a library that breaks nothing they must be green. Ends with 1
when a test was not what it should be, with 77 when nothing could be tried.
`--quick` tries a few; `--table` prints the table of docs/proof.md.
"""

import argparse
import os
import shlex
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
SKIPPED = 77

# What can be asked: small slices of the tests.
SUITES = {
    "crash/order": ("crash/campaign.py", "--quick", "order"),
    "crash/kill": ("crash/campaign.py", "--quick", "--most", "40", "kill"),
    "crash/error": ("crash/campaign.py", "--quick", "--most", "12", "error"),
    "crash/freeze": ("crash/campaign.py", "--quick", "--most", "60",
                     "freeze"),
    "crash/back": ("crash/back.py", "--quick", "--most", "8", "kill"),
    "crash/snapshots": ("crash/snapshots.py", "--quick", "--most", "10",
                        "kill"),
    "crash/power": ("crash/power.py", "--quick", "--most", "20"),
    "sim/stories": ("sim/sim.py", "--seeds", "12"),
    "sim/back": ("sim/back.py", "--seeds", "6"),
    "flow/restore": ("flow/test_restore.py",),
    "crash/extract": ("crash/extract.py", "--quick", "freeze"),
    "flow/backups": ("flow/test_backups.py", "Backups"),
    "flow/doctor": ("flow/test_doctor.py", "Doctor.test_locked"),
}


@dataclass(frozen=True)
class Proof:
    """What is broken, and who has to notice."""
    sabotage: str
    means: str
    caught_by: tuple
    quick: bool = False


PROOFS = (
    Proof("no-sync", "nothing is ever written through to the disk",
          ("crash/order", "crash/power"), True),
    Proof("no-directory-sync", "names are never written through",
          ("crash/order",)),
    Proof("swap-in-steps", "two names are swapped in three renames, not at "
          "once", ("crash/kill",)),
    Proof("swap-lies", "two names are said to be swapped and are not",
          ("sim/back", "crash/kill"), True),
    Proof("rename-copies", "a rename copies, piece by piece, and removes",
          ("crash/kill",)),
    Proof("rename-lies", "a rename does nothing", ("sim/back",)),
    Proof("rename-replaces", "a rename that may not replace does",
          ("crash/extract",)),
    Proof("list-drops", "a directory's list leaves one name out",
          ("sim/stories", "crash/kill")),
    Proof("unlink-lies", "nothing is ever removed", ("sim/back",), True),
    Proof("times-ignored", "no time can be set", ("sim/back", "flow/restore"),
          True),
    Proof("modes-ignored", "no permission can be set",
          ("sim/back",)),
    Proof("modes-open", "everything made can be read by everybody",
          ("flow/backups",)),
    Proof("stat-stale", "times stand still", ("sim/stories", "sim/back")),
    Proof("write-short", "a write leaves the last byte out and says nothing",
          ("sim/back", "crash/kill"), True),
    Proof("links-followed", "links are followed where they may not be",
          ("crash/freeze",)),
    Proof("locks-free", "everybody gets a lock at once", ("flow/doctor",)),
)


class Stage:
    """The program, on a system that breaks a promise."""

    def __init__(self, library):
        self.library = os.path.abspath(library)
        self.home = tempfile.mkdtemp(prefix="coldsync-saboteur-")
        self.program = os.path.abspath(os.environ["COLDSYNC"])

    def wrapper(self, sabotage):
        path = os.path.join(self.home, sabotage)
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                "#!/bin/sh\n"
                f"LD_PRELOAD={shlex.quote(self.library)} SABOTAGE={sabotage} "
                f"exec {shlex.quote(self.program)} \"$@\"\n")
        os.chmod(path, stat.S_IRWXU)
        return path

    def run(self, suite, sabotage):
        """(exit code, the last it said)."""
        script, *args = SUITES[suite]
        script = os.path.join(TESTS, script)
        env = {**os.environ, "SABOTEUR": self.library, "SABOTAGE": sabotage}
        if suite.startswith("flow/"):  # these start it their own way
            env["COLDSYNC"] = self.wrapper(sabotage)
            env.setdefault("COLDSYNC_IDLE", os.path.join(
                os.path.dirname(self.program), "tests", "flow", "idle"))
        try:
            done = subprocess.run(
                [sys.executable, "-B", script, *args],
                cwd=os.path.dirname(script),
                env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=500, check=False)
        except subprocess.TimeoutExpired:
            return 1, "it hangs"
        text = done.stdout.decode(errors="replace").strip()
        return done.returncode, text[-1500:]


def wanted(options):
    if options.sabotage:
        return [p for p in PROOFS if p.sabotage in options.sabotage]
    return [p for p in PROOFS if p.quick or not options.quick]


def pairs(proofs, quick):
    """(suite, sabotage): first each suite on a system that keeps its word."""
    todo = [(suite, p.sabotage) for p in proofs
            for suite in p.caught_by[:1 if quick else None]]
    used = dict.fromkeys(suite for suite, _ in todo)
    return [(suite, "none") for suite in used] + todo


def judge(stage, pair):
    """What is wrong; None when it is as it should be, 77 when it could not
    be tried."""
    suite, sabotage = pair
    code, text = stage.run(suite, sabotage)
    if code == SKIPPED:
        return SKIPPED
    if sabotage == "none" and code != 0:
        return f"{suite} is red, though nothing is broken:\n{text}"
    if sabotage != "none" and code == 0:
        return f"{suite} does not notice {sabotage}"
    return None


def table():
    print("| broken promise of the system | turns red |\n|---|---|")
    for proof in PROOFS:
        suites = ", ".join(f"`{suite}`" for suite in proof.caught_by)
        print(f"| `{proof.sabotage}`: {proof.means} | {suites} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", nargs="?")
    parser.add_argument("sabotage", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_intermixed_args()
    if options.table:
        table()
        return 0
    stage = Stage(options.library)
    proofs = wanted(options)
    todo = pairs(proofs, options.quick)
    with ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda pair: judge(stage, pair), todo))
    for (suite, sabotage), trouble in zip(todo, found):
        print(f"{sabotage:18} {suite:16} " + {
            None: "as it should be", SKIPPED: "skipped"}.get(trouble, trouble))
    bad = sum(trouble not in (None, SKIPPED) for trouble in found)
    print(f"{len(proofs)} saboteurs, {len(todo)} runs, {bad} went wrong")
    if found and all(trouble == SKIPPED for trouble in found):
        return SKIPPED
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
