"""Every way to stop, fail and disturb a sync, over every variant of it.

    campaign.py [--quick | --whole] [--jobs N] [GROUP...]

The groups are kill, recovery, error, freeze, flip and order; runner.py tells
the rest.
"""

import random
import sys

import flip
import order
import runner
import strace
import sweep
import world

VARIANTS = [v for v in sweep.VARIANTS
            if v.layout == "one" or world.other_place()]


def changing(effort):
    """(variant, point) of every change of every variant."""
    found = effort.pool.map(sweep.changing_points, VARIANTS)
    return [(v, p) for v, points in zip(VARIANTS, found) for p in points]


def kill(effort):
    return [(sweep.kill, v, p)
            for v, p in effort.sample(changing(effort), 260)]


def broken(effort, few, many):
    """(variant, first death, points of the run that puts it right)."""
    firsts = random.Random(1).sample(changing(effort),
                                     few if effort.quick else many)
    found = effort.pool.map(sweep.recovery_points, *zip(*firsts))
    return [(v, first, points) for (v, first), points in zip(firsts, found)]


def recovery(effort):
    """The first death is anywhere, the next ones while what it left is put
    right: up to three deep. Errors and other programs come in there, too."""
    dice = random.Random(2)
    cases = []
    for v, first, points in broken(effort, 6, 60):
        cases += [(sweep.kill, v, first, p) for p in points]
        for p in points[::4]:
            deaths = [first, *dice.choices(points, k=2)]
            cases.append((sweep.kill, v, *deaths[:2], p))
            cases.append((sweep.kill, v, *deaths, p))
        cases += [(sweep.fail, v, *failure, first)
                  for failure in effort.failures(points)]
        if not v.fallback:
            cases += [(sweep.freeze, v, p, 0, first) for p in points[::2]]
    return effort.sample(cases, 240)


def error(effort):
    """In the first variant of each snapshot format every change fails in
    every way, once and from then on; in the others in some. What only looks
    fails, too."""
    cases = []
    for v, points in zip(VARIANTS, effort.pool.map(sweep.points, VARIANTS)):
        change = [p for p in points if strace.changes(p)]
        look = [p for p in points if p.name in strace.LOOKING]
        cases += [(sweep.fail, v, *failure)
                  for failure in effort.failures(
                      change, v in sweep.VARIANTS[:2])]
        cases += [(sweep.fail, v, p, sweep.LOOK_ERRORS[i % 4])
                  for i, p in enumerate(look) if i % 3 == 0]
    return effort.sample(cases, 260)


def freeze(effort):
    """Somebody else writes at the worst moment. (Where a name has to be
    replaced without a swap there is a moment in which that is noticed too
    late; nothing helps against it.)"""
    cases = [(sweep.freeze, v, p, seed) for v, p in changing(effort)
             if not v.fallback for seed in range(3)]
    return effort.sample(cases, 240)


def turned(effort):
    """A directory becomes a link to outside, at every call, also those that
    look."""
    cases = [(flip.one_flip, v, p, seed)
             for v, points in zip(VARIANTS,
                                  effort.pool.map(sweep.points, VARIANTS))
             for p in points for seed in range(2)]
    return effort.sample(cases, 100)


def in_order(effort):
    """The one that needs strace: what descriptors stand for."""
    del effort
    if strace.no_tracing():
        return []
    return [(order.check, v) for v in VARIANTS]


GROUPS = {"kill": kill, "recovery": recovery, "error": error,
          "freeze": freeze, "flip": turned, "order": in_order}

if __name__ == "__main__":
    sys.exit(runner.main(__doc__, GROUPS))
