"""A restore into a directory of its own, stopped and failed everywhere.

    extract.py [--quick | --whole] [--jobs N] [kill|error|freeze...]

Whatever comes in between, the two folders stay as they are, and the same
command again fills the directory as if nothing had been. runner.py tells the
rest.
"""

import os
import random
import sys
from functools import lru_cache

import runner
import scene
import strace
import sweep
from world import SIDES, World, differences, tree

WAYS = [(compression, side) for compression in ("none", "zip")
        for side in SIDES]


def prepare(compression):
    world = World(scene.config("prefer_local", compression))
    scene.prepare(world)
    done = world.sync()
    if done.code != 0:
        world.remove()
        raise AssertionError(f"the sync: {done}")
    return world


def command(world, side):
    return ("restore", "--target", side, "--to", target(world), "--apply")


def target(world):
    return os.path.join(world.home, "looked-at")


@lru_cache(maxsize=None)
def ending(compression, side):
    with prepare(compression) as world:
        done = world.run(*command(world, side))
        found = tree(target(world))
        if done.code != 0 or len(found) < 5:
            raise AssertionError(f"undisturbed: {done} {found}")
        return found


@lru_cache(maxsize=None)
def points(compression, side):
    with prepare(compression) as world:
        found, _ = strace.points(world, *command(world, side))
        return [p for p in strace.own(found) if strace.changes(p)]


def all_of(world):
    """What it may not touch."""
    return tree(world.local) | {b"cloud/" + path: seen for path, seen
                                in tree(world.cloud).items()}


def finish(world, compression, side, before):
    """The same again, and the comparison."""
    last = world.run(*command(world, side))
    lines = [] if last.code == 0 else [f"the same again: {last}"]
    lines += differences(ending(compression, side), tree(target(world)))
    lines += [f"a folder: {line}"
              for line in differences(before, all_of(world))]
    return lines + world.litter()


def kill(compression, side, *deaths):
    with prepare(compression) as world:
        before = all_of(world)
        for i, point in enumerate(deaths):
            died = strace.kill_at(world, point, *command(world, side))
            if not died and i == 0:
                return [f"{point} was not reached"]
        if done(world):
            return differences(ending(compression, side), tree(target(world)))
        return finish(world, compression, side, before)


def done(world):
    """Is the directory no longer one that is being filled?"""
    found = tree(target(world))
    return bool(found) and not any(b"~coldsync-" in path for path in found)


def fail(compression, side, point, error, forever=False):
    with prepare(compression) as world:
        before = all_of(world)
        run = world.run(*command(world, side),
                        before=strace.inject(point, error, forever=forever))
        lines = []
        if run.code == 0:
            lines += [f"said to be done: {line}" for line in differences(
                ending(compression, side), tree(target(world)))]
        elif not (forever and point.name == "write"):
            lines += sweep.untold(run, error)
        if done(world):
            lines += differences(ending(compression, side),
                                 tree(target(world)))
        else:
            lines += finish(world, compression, side, before)
        return [line for line in lines if not sweep.is_harmless(point, line)]


def freeze(compression, side, point, seed):
    """Somebody writes into the directory: that stays."""
    dice = random.Random(f"{compression} {side} {point} {seed}")
    wanted = [path for path, seen in ending(compression, side).items()
              if seen.type == "file" and b"/" not in path]
    with prepare(compression) as world:
        before = all_of(world)
        frozen = strace.Frozen(world, point, *command(world, side))
        if not frozen.reached:
            frozen.go_on()
            return [f"{point} was not reached"]
        name = os.path.join(os.fsencode(target(world)),
                            dice.choice([*wanted, b"mine.txt"]))
        was_there = os.path.lexists(name)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name + b".save", "wb") as file:
            file.write(b"somebody else's\n")
        os.replace(name + b".save", name)
        code, _, err = frozen.go_on()
        with open(name, "rb") as file:
            lines = [] if file.read() == b"somebody else's\n" else [
                f"{name!r}, written by somebody else, was replaced; "
                f"{was_there=}"]
        if code not in (0, 1, 5):
            lines.append(f"ended with {code}: {err!r}")
        return lines + [f"a folder: {line}" for line in
                        differences(before, all_of(world))]


def everywhere(effort):
    return [(compression, side, p) for (compression, side), here
            in zip(WAYS, effort.pool.map(points, *zip(*WAYS))) for p in here]


def kills(effort):
    cases = [(kill, *place) for place in everywhere(effort)]
    dice = random.Random(5)
    cases += [(*case, *dice.choices([c[3] for c in cases
                                     if c[1:3] == case[1:3]], k=2))
              for case in cases[::3]]
    return effort.sample(cases, 40)


def errors(effort):
    return effort.sample(
        [(fail, *way, *failure) for way, here
         in zip(WAYS, effort.pool.map(points, *zip(*WAYS)))
         for failure in effort.failures(here)], 40)


def freezes(effort):
    return effort.sample([(freeze, *place, seed) for place
                          in everywhere(effort) for seed in range(2)], 20)


GROUPS = {"kill": kills, "error": errors, "freeze": freezes}

if __name__ == "__main__":
    sys.exit(runner.main(__doc__, GROUPS))
