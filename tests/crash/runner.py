"""What every crash test is: groups of cases, tried by many, told in lines.

A case is a function and its arguments; it answers with lines that say what is
wrong, and with none when all is well. A group is a function of an Effort that
lists cases. `main` tries the groups it is given, says for each how many places
it tried and what went wrong there, and ends with 1 when anything did, with 77
when nothing could be tried here.
"""

import argparse
import os
import random
import time
from concurrent.futures import ProcessPoolExecutor

import strace

SKIPPED = 77

# What any call may fail with.
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EACCES", "EROFS", "EMFILE", "EINTR",
          "EXDEV", "EINVAL", "ENOSYS")

# Calls that are made again for as long as they are interrupted, as they have
# to be: for ever would be just that.
RETRIED = "EINTR"


class Effort:
    """How much is to be tried, and by whom."""

    def __init__(self, pool, quick=False, whole=False, most=None):
        self.pool, self.quick, self.whole = pool, quick, whole
        self.most = most

    def sample(self, cases, most):
        """All, or the same few each time."""
        cases = list(cases)
        most = min(most, self.most or most)
        if not self.quick or len(cases) <= most:
            return cases
        return random.Random(most).sample(cases, most)

    def failures(self, points, whole=False):
        """(point, error, for ever?): each error in both ways at each point;
        or, when not everything is to be tried, some at each point, so that
        each error comes to each kind of call."""
        n = len(ERRORS)
        whole |= self.whole
        for i, point in enumerate(points):
            for k, error in enumerate(ERRORS):
                if whole or (k - i) % n in (0, n // 2):
                    yield point, error, False
                if error != RETRIED and (
                        whole or (k - i) % n == n // 3 and i % 3 == 0):
                    yield point, error, True


def attempt(case):
    function, *arguments = case
    try:
        return function(*arguments)
    except Exception as trouble:  # a case that cannot be told is one that fails
        return [f"{type(trouble).__name__}: {trouble}"]


def name_of(case):
    words = [case[0].__name__]
    for argument in case[1:]:
        words.append(str(argument))
        if isinstance(argument, strace.Point):
            words.append(f"[{argument.text[:70]}]")
    return " ".join(words)


def run_group(effort, name, group):
    began = time.monotonic()
    cases = group(effort)
    bad = 0
    for case, lines in zip(cases, effort.pool.map(attempt, cases,
                                                  chunksize=4)):
        if lines:
            bad += 1
            print(f"{name}: {name_of(case)}\n    "
                  + "\n    ".join(lines[:8]), flush=True)
    places = {" ".join(str(a) for a in case[1:] if not isinstance(
        a, (bool, int)) and a not in ERRORS) for case in cases}
    print(f"{name}: {len(places)} places, {len(cases)} cases, {bad} went "
          f"wrong, {time.monotonic() - began:.0f} s", flush=True)
    return bad


def main(doc, groups):
    """Run the groups named on the command line, or all; the exit code."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("group", nargs="*", metavar="GROUP",
                        help=" ".join(groups))
    parser.add_argument("--quick", action="store_true",
                        help="a fixed sample, for every run of the tests")
    parser.add_argument("--whole", action="store_true",
                        help="each error in both ways at each point")
    parser.add_argument("--most", type=int, metavar="N",
                        help="with --quick: no more than N of each group")
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count())
    options = parser.parse_args()
    if not set(options.group) <= set(groups):
        parser.error("there are: " + " ".join(groups))
    reason = strace.missing()
    if reason is not None:
        print(f"skipped: {reason}")
        return SKIPPED
    with ProcessPoolExecutor(options.jobs) as pool:
        effort = Effort(pool, options.quick, options.whole,
                        options.most)
        bad = sum(run_group(effort, name, groups[name])
                  for name in options.group or groups)
    return 1 if bad else 0


