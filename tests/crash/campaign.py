"""Every way to stop, fail and disturb a sync, over every variant of it.

    campaign.py [--quick] [--jobs N] [GROUP...]

Prints for each group how many places it tried and what went wrong there, and
ends with 1 when anything did, with 77 when nothing could be tried here.
`--quick` tries a fixed sample, for every run of the tests.
"""

import argparse
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import order
import strace
import sweep
import world

SKIPPED = 77


class Campaign:
    """What is to be tried, how much of it, and by how many."""

    def __init__(self, pool, quick):
        self.pool, self.quick = pool, quick
        self.variants = [v for v in sweep.VARIANTS
                         if v.layout == "one" or world.other_place()]

    def sample(self, cases, most):
        """All, or the same few each time."""
        if not self.quick or len(cases) <= most:
            return cases
        return random.Random(most).sample(cases, most)

    def changing(self):
        """(variant, point) of every change of every variant."""
        found = self.pool.map(sweep.changing_points, self.variants)
        return [(v, p) for v, points in zip(self.variants, found)
                for p in points]

    # -- the groups: a case is a function of sweep and its arguments --

    def kill(self):
        return [(sweep.kill, v, p)
                for v, p in self.sample(self.changing(), 260)]

    def recovery(self):
        """Two and three deep: the first death anywhere, the next ones while
        what it left is put right."""
        dice = random.Random(1)
        firsts = dice.sample(self.changing(), 6 if self.quick else 60)
        found = self.pool.map(sweep.recovery_points, *zip(*firsts))
        cases = []
        for (v, first), points in zip(firsts, found):
            cases += [(sweep.kill, v, first, p) for p in points]
            cases += [(sweep.kill, v, first, dice.choice(points), p)
                      for p in points[::4]]
        return self.sample(cases, 220)

    def error(self):
        """In the first variant of each snapshot format every change fails in
        every way, once and from then on; in the others in three ways. What
        only looks fails, too."""
        cases, turn = [], 0
        ways = [(error, forever) for error in sweep.ERRORS
                for forever in (False, True)]
        for v, p in self.changing():
            if v in sweep.VARIANTS[:2]:
                mine = ways
            else:
                mine = [ways[(turn + i) % len(ways)] for i in (0, 7, 14)]
                turn += 1
            cases += [(sweep.fail, v, p, *way) for way in mine]
        found = self.pool.map(sweep.looking_points, self.variants)
        for v, points in zip(self.variants, found):
            cases += [(sweep.fail, v, p, sweep.LOOK_ERRORS[i % 4])
                      for i, p in enumerate(points) if i % 3 == 0]
        return self.sample(cases, 260)

    def freeze(self):
        """Somebody else writes at the worst moment. (Where a name has to be
        replaced without a swap there is a moment in which that is noticed
        too late; nothing helps against it.)"""
        cases = [(sweep.freeze, v, p, seed) for v, p in self.changing()
                 if not v.fallback for seed in range(3)]
        return self.sample(cases, 240)

    def order(self):
        """The one that needs strace: what descriptors stand for."""
        if strace.no_tracing():
            return []
        return [(order.check, v) for v in self.variants]

    GROUPS = ("kill", "recovery", "error", "freeze", "order")


def attempt(case):
    function, *arguments = case
    try:
        return function(*arguments)
    except Exception as trouble:  # a case that cannot be told is one that fails
        return [f"{type(trouble).__name__}: {trouble}"]


def name_of(case):
    words = []
    for argument in case[1:]:
        words.append(str(argument))
        if isinstance(argument, strace.Point):
            words.append(f"[{argument.text[:70]}]")
    return " ".join(words)


def run_group(campaign, group):
    began = time.monotonic()
    cases = getattr(campaign, group)()
    bad = 0
    for case, lines in zip(cases, campaign.pool.map(attempt, cases,
                                                    chunksize=4)):
        if lines:
            bad += 1
            print(f"{group}: {name_of(case)}\n    "
                  + "\n    ".join(lines[:8]), flush=True)
    places = {(c[1], c[2]) if len(c) > 2 else c[1] for c in cases}
    print(f"{group}: {len(places)} places, {len(cases)} cases, "
          f"{bad} went wrong, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("group", nargs="*", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count())
    options = parser.parse_args()
    reason = strace.missing()
    if reason is not None:
        print(f"skipped: {reason}")
        return SKIPPED
    with ProcessPoolExecutor(options.jobs) as pool:
        campaign = Campaign(pool, options.quick)
        bad = sum(run_group(campaign, group)
                  for group in options.group or Campaign.GROUPS)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
