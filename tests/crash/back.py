"""Going back, cut short: restore and undo killed, failed and disturbed.

    back.py [--quick] [--jobs N]

Each case makes the world of scene.py, syncs it, and stops a restore or an undo
of that at one system call. The same command again, as whoever was interrupted
would give it, has to lead to the very trees an undisturbed one leads to.
Ends with 1 when one did not, with 77 when nothing could be tried here.
"""

import argparse
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import scene
import strace
import sweep
from world import CLOUD, LOCAL, SIDES, World, differences, timeless, tree

SKIPPED = 77


@dataclass(frozen=True)
class Way:
    """A way back."""
    command: tuple
    compression: str = "none"
    layout: str = "one"
    fallback: str = ""

    def world(self):
        return World(scene.config("keep_both", self.compression), self.layout)

    def __str__(self):
        return "/".join((" ".join(self.command), self.compression,
                         self.layout, self.fallback))


UNDO = ("undo",)
HERE = ("restore", "--apply")
THERE = ("restore", "--target", "cloud", "--apply")
WAYS = (Way(UNDO), Way(UNDO, "zip"), Way(UNDO, "none", "state"),
        Way(UNDO, "none", "one", "link"), Way(UNDO, "zip", "one", "rename"),
        Way(HERE), Way(HERE, "zip"), Way(HERE, "none", "cloud"),
        Way(THERE), Way(THERE, "zip", "state"))


def prepare(world):
    """The scene, synced: there is something to go back from."""
    scene.prepare(world)
    done = world.sync()
    if done.code not in (0, 2):
        raise AssertionError(f"the sync: {done}")


def look(world):
    return {side: timeless(found) for side, found in world.trees().items()}


def plan_of(world):
    return sorted((a["op"], a["to"], scrub(a["path"]))
                  for a in world.plan().json["actions"])


def scrub(path):
    return os.fsdecode(sweep.timeless({os.fsencode(path): None}).popitem()[0])


@lru_cache(maxsize=None)
def ending(way):
    """(exit code, trees, plan) of an undisturbed one."""
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        done = world.run(*way.command, before=strace.forced(way.fallback))
        lines = sweep.lost(before, world) + world.litter()
        if done.code != 0 or lines:
            raise AssertionError(f"{way}: undisturbed: {done} {lines}")
        return look(world), plan_of(world)


@lru_cache(maxsize=None)
def points(way):
    with way.world() as world:
        prepare(world)
        found, _ = strace.points(world, *way.command, fallback=way.fallback)
        return [p for p in strace.own(found) if strace.changes(p)
                and p.name not in strace.forced_names(way.fallback)]


def compare(world, way, before):
    trees, plan = ending(way)
    lines = sweep.lost(before, world) + world.litter()
    got = look(world)
    for side in SIDES:
        lines += [f"{side}: {line}" for line in
                  differences(trees[side], got[side])]
    now = plan_of(world)
    if now != plan:
        lines.append(f"a plan says {now} instead of {plan}")
    return lines


def is_told(world, way):
    """Has the history the word of it? Then it is over, whatever became of the
    program since; asking again would ask for more."""
    runs = world.run("history").json["history"]
    return (runs and runs[-1]["command"] == way.command[0]
            and runs[-1]["finished"] and runs[-1]["finished_by"] is None)


def finish(world, way, before):
    """The same again, and the comparison."""
    lines = sweep.lost(before, world)
    last = world.run(*way.command, before=strace.forced(way.fallback))
    lines += compare(world, way, before)
    if last.code != 0:
        lines.append(f"the same again: {last}")
    return lines


def kill(way, *deaths):
    """Killed at the first point, the rerun at the second, and so on."""
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        for i, point in enumerate(deaths):
            died = strace.kill_at(world, point, *way.command,
                                  fallback=way.fallback)
            if not died and i == 0:
                return [f"{point} was not reached"]
            if not died or is_told(world, way):
                return sweep.lost(before, world) + [
                    line for line in compare(world, way, before)
                    if "litter in state: b'lock'" not in line]
        return finish(world, way, before)


def sync_after(way, point):
    """Killed, and then a sync comes first: nothing is lost, all is quiet."""
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        if not strace.kill_at(world, point, *way.command,
                              fallback=way.fallback):
            return [f"{point} was not reached"]
        for _ in range(2):
            last = world.sync(before=strace.forced(way.fallback))
        lines = sweep.lost(before, world) + world.litter()
        if last.code not in (0, 2):
            lines.append(f"does not end well: {last}")
        return lines + [f"not quiet: {a}" for a in plan_of(world)]


def fail(way, point, error):
    """The call fails once: success is true, failure says why; either way
    nothing is lost, and syncs come to rest."""
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        run = world.run(*way.command, before=strace.inject(
            point, "error=" + error, way.fallback))
        lines = sweep.lost(before, world)
        if run.code == 0:
            lines += [f"said to be done: {line}"
                      for line in compare(world, way, before)]
        elif run.code not in (1, 5):
            lines.append(f"ended with {run.code}: {run.err[-300:]!r}")
        elif b"coldsync: " not in run.err:
            lines.append(f"exit {run.code} without a reason: {run.err!r}")
        return [line for line in lines + rest(world, way, before)
                if not sweep.is_harmless(point, line)]


def freeze(way, point, seed):
    """Stopped at the point, somebody writes, it goes on."""
    dice = random.Random(f"{way} {point} {seed}")
    how = dice.choice(sweep.MUTATIONS)
    token = f"written while it stood still: {point} {seed}\n".encode()
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        frozen = strace.Frozen(world, point, *way.command,
                               fallback=way.fallback)
        if not frozen.reached:
            frozen.go_on()
            return [f"{point} was not reached"]
        there = sweep.contents_now(world)
        side, path = sweep.victim_of(world, point, dice)
        what = f"{how} {side}:{os.fsdecode(path)}: "
        written = sweep.disturb(world, side, path, how, token)
        gone = there - sweep.contents_now(world) if how != "append" else set()
        code, _, err = frozen.go_on()
        must = before - gone
        if how == "append" and written is not None:
            must = {c for c in must if not written.startswith(c[1])}
        if written is not None:
            must = must | {("file", written)}
        lines = [] if code in (0, 1, 2, 5) else [f"ended with {code}: {err!r}"]
        lines += sweep.lost(must, world) + rest(world, way, must)
        return [what + line for line in lines]


def rest(world, way, must):
    """Undisturbed syncs come to rest, lose nothing, leave nothing."""
    for _ in range(3):
        last = world.sync(before=strace.forced(way.fallback))
    lines = [] if last.code in (0, 2) else [f"does not end well: {last}"]
    if last.code in (0, 2):
        lines += [f"not quiet: {a}" for a in plan_of(world)]
    outside = tree(os.path.join(world.home, "outside"))
    with way.world() as other:
        scene.outside(other)
        lines += [f"outside: {line}" for line in differences(
            tree(os.path.join(other.home, "outside")), outside)]
    return lines + sweep.lost(must, world) + world.litter()


def cases(pool, quick):
    found = []
    for way, here in zip(WAYS, pool.map(points, WAYS)):
        found += [(kill, way, p) for p in here]
        found += [(kill, way, p, p) for p in here[::3]]
        found += [(sync_after, way, p) for p in here[::4]]
        found += [(fail, way, p, sweep.ERRORS[i % len(sweep.ERRORS)])
                  for i, p in enumerate(here)]
        if not way.fallback:
            found += [(freeze, way, p, i) for i, p in enumerate(here)]
    dice = random.Random(len(WAYS))
    return dice.sample(found, min(240, len(found))) if quick else found


def attempt(case):
    try:
        return case[0](*case[1:])
    except Exception as trouble:  # a case that cannot be told is one that fails
        return [f"{type(trouble).__name__}: {trouble}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    reason = strace.missing()
    if reason is not None:
        print(f"skipped: {reason}")
        return SKIPPED
    bad = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        todo = cases(pool, options.quick)
        for case, lines in zip(todo, pool.map(attempt, todo, chunksize=4)):
            if lines:
                bad += 1
                words = [case[0].__name__, *map(str, case[1:])]
                print(" ".join(words) + "\n    " + "\n    ".join(lines[:8]),
                      flush=True)
    print(f"{len(todo)} places, {bad} went wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
