"""Going back, cut short: restore and undo killed, failed and disturbed.

    back.py [--quick | --whole] [--jobs N] [kill|recovery|error|freeze...]

Each case makes the world of scene.py, syncs it, and stops a restore or an undo
of that at one system call. The same command again, as whoever was interrupted
would give it, has to lead to the very trees an undisturbed one leads to.
runner.py tells the rest.
"""

import os
import random
import sys
from dataclasses import dataclass
from functools import lru_cache

import runner
import scene
import strace
import sweep
from world import CLOUD, LOCAL, SIDES, World, differences, timeless, tree


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


def kill_all(world, way, deaths):
    """What is left when runs have died; is there any need of another?"""
    for point in deaths:
        strace.kill_at(world, point, *way.command, fallback=way.fallback)
    return not (deaths and is_told(world, way))


def recovery_points(way, *deaths):
    with way.world() as world:
        prepare(world)
        kill_all(world, way, deaths)
        found, _ = strace.points(world, *way.command, fallback=way.fallback)
        return [p for p in strace.own(found) if strace.changes(p)
                and p.name not in strace.forced_names(way.fallback)]


def fail(way, point, error, forever=False, *deaths):
    """The call fails, once or from then on: success is true, failure says
    why; either way nothing is lost, and syncs come to rest."""
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        if not kill_all(world, way, deaths):
            return []
        run = world.run(*way.command, before=strace.inject(
            point, error, way.fallback, forever))
        lines = sweep.lost(before, world)
        if run.code == 0:
            lines += [f"said to be done: {line}"
                      for line in compare(world, way, before)]
        elif not (forever and point.name == "write"):  # nothing can be said
            lines += sweep.untold(run, error)
        return [line for line in lines + rest(world, way, before)
                if not sweep.is_harmless(point, line)]


def freeze(way, point, seed, *deaths):
    """Stopped at the point, somebody writes, it goes on."""
    dice = random.Random(f"{way} {point} {seed}")
    how = dice.choice(sweep.MUTATIONS)
    token = f"written while it stood still: {point} {seed}\n".encode()
    with way.world() as world:
        prepare(world)
        before = world.holdings()
        if not kill_all(world, way, deaths):
            return []
        what, must, lines = sweep.meddle(world, point, way.command, "",
                                         before, (dice, how, token))
        return [what + line for line in lines + rest(world, way, must)]


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


# ---- all of it ----

def changing(effort):
    """(way, point) of every change of every way."""
    found = effort.pool.map(points, WAYS)
    return [(way, p) for way, here in zip(WAYS, found) for p in here]


def kills(effort):
    cases = [(kill, way, p) for way, p in changing(effort)]
    cases += [(sync_after, *case[1:]) for case in cases[::4]]
    return effort.sample(cases, 90)


def recovery(effort):
    """Killed, and killed again while that is put right, up to three times;
    failing and disturbed there, too."""
    dice = random.Random(3)
    firsts = dice.sample(changing(effort), 4 if effort.quick else 60)
    found = effort.pool.map(recovery_points, *zip(*firsts))
    cases = []
    for (way, first), here in zip(firsts, found):
        cases += [(kill, way, first, p) for p in here]
        for p in here[::4]:
            cases.append((kill, way, first, *dice.choices(here, k=2), p))
        cases += [(fail, way, *failure, first)
                  for failure in effort.failures(here)]
        if not way.fallback:
            cases += [(freeze, way, p, 0, first) for p in here[::2]]
    return effort.sample(cases, 90)


def errors(effort):
    cases = []
    for way, here in zip(WAYS, effort.pool.map(points, WAYS)):
        cases += [(fail, way, *failure) for failure in effort.failures(here)]
    return effort.sample(cases, 90)


def freezes(effort):
    cases = [(freeze, way, p, seed) for way, p in changing(effort)
             if not way.fallback for seed in range(2)]
    return effort.sample(cases, 60)


GROUPS = {"kill": kills, "recovery": recovery, "error": errors,
          "freeze": freezes}

if __name__ == "__main__":
    sys.exit(runner.main(__doc__, GROUPS))
