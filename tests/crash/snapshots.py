"""Stop and fail what makes and removes snapshots, at every place there is.

    snapshots.py [--quick | --whole] [--jobs N] [GROUP...]

Whatever comes in between: a snapshot is there whole or not at all, nothing that
is in one gets lost, the folders stay as they are, and the next run leaves
nothing behind that counts for nothing. The groups are kill, error, freeze and
reconfigure; runner.py tells the rest.
"""

import os
import random
import re
import sys
import time
from functools import lru_cache

import runner
import scene
import strace
import sweep
from world import SIDES, World, contents, differences, tree, zip_contents

CREATE = ("backups", "create")
PRUNE = ("backups", "prune")
WHOLE = re.compile(r"^\d{8}T\d{6}Z-m1-[0-9a-f]{4}(\.zip(\.xxh3)?)?$")

LIMITS = """
max_backups = 1
keep_last = 0
retention_days = 0
"""


def prepare(compression):
    """A stirred world with three snapshots, the last one of everything."""
    world = World(scene.config("prefer_local", compression))
    scene.prepare(world)
    for args in (("sync", "--apply"), CREATE):
        done = world.run(*args)
        if done.code not in (0, 2):
            world.remove()
            raise AssertionError(f"{args}: {done}")
    time.sleep(scene.TICK)
    scene.Hand(world.local).write("one-more.txt", "written since\n")
    return world


def limit(world):
    """From now on only the newest snapshot may stay."""
    with open(world.config, encoding="utf-8") as file:
        text = file.read()
    with open(world.config, "w", encoding="utf-8") as file:
        file.write(text.replace("[backup]\n", "[backup]" + LIMITS))


def names(world):
    return sorted(os.listdir(world.backups()))


def ids(world):
    found = world.run("backups", "list")
    return {b["id"] for b in found.json["backups"] if b["complete"]}


def verify(world, when):
    done = world.run("backups", "verify")
    return [] if done.code == 0 else [f"{when}: {done}{done.out.decode()}"]


def leftovers(world):
    """Names that are no complete snapshot's, and marks inside of those."""
    found = [f"left: {name}" for name in names(world)
             if not WHOLE.match(name)]
    for name in names(world):
        if os.path.exists(os.path.join(world.backups(), name, "saving")):
            found.append(f"left: the mark in {name}")
    return found


def look(world):
    return {side: dict(found) for side, found in world.trees().items()}


def moved(before, world):
    after = look(world)
    return [f"{side}: {line}" for side in before
            for line in differences(before[side], after[side])]


# ---- where it can be met ----

@lru_cache(maxsize=None)
def points(args, compression):
    with prepare(compression) as world:
        if args == PRUNE:
            limit(world)
        found, _ = strace.points(world, *args)
        return [p for p in strace.own(found) if strace.changes(p)]


# ---- cases ----

def check_after(world, args, before, had):
    """The same again, undisturbed: all is as if nothing had been."""
    lines = verify(world, "at once")
    if args == CREATE:
        lines += [f"lost: {i}" for i in had - ids(world)]
    last = world.run(*args)
    if last.code != 0:
        lines.append(f"the last run: {last}")
    if args == CREATE:
        lines += [f"lost: {i}" for i in had - ids(world)]
        limit(world)
        last = world.run(*PRUNE)
        if last.code != 0:
            lines.append(f"prune: {last}")
    lines += moved(before, world)
    lines += verify(world, "in the end")
    lines += leftovers(world)
    if len(ids(world)) != 1:
        lines.append(f"{sorted(ids(world))} are left")
    return lines


def kill(args, compression, *deaths):
    """Killed at one point, and the next one at the next."""
    with prepare(compression) as world:
        before, had = look(world), ids(world)
        if args == PRUNE:
            limit(world)
        for i, point in enumerate(deaths):
            died = strace.kill_at(world, point, *args)
            if not died and i == 0:
                return [f"{point} was not reached"]
        return moved(before, world) + check_after(world, args, before, had)


def fail(args, compression, point, error, forever=False):
    """The call fails, once or from then on. Success is true, failure says
    why."""
    with prepare(compression) as world:
        before, had = look(world), ids(world)
        if args == PRUNE:
            limit(world)
        run = world.run(*args, before=strace.inject(point, error,
                                                    forever=forever))
        lines = moved(before, world)
        made = ids(world)
        if run.code != 0 and not (forever and point.name == "write"):
            lines += sweep.untold(run, error)
        elif run.code == 0 and args == CREATE and len(made - had) != 1:
            lines.append(f"said to be made: {sorted(made - had)}")
        elif run.code == 0 and args == PRUNE and len(made) != 1:
            lines.append(f"said to be pruned: {sorted(made)}")
        return lines + check_after(world, args, before, had)


def freeze(args, compression, point, seed):
    """Stopped at the point, somebody writes, it goes on: what they wrote is
    there, and whatever counts as a snapshot is whole."""
    dice = random.Random(f"{args} {compression} {point} {seed}")
    how = dice.choice(sweep.MUTATIONS)
    token = f"written while it stood still: {point} {seed}\n".encode()
    with prepare(compression) as world:
        had = ids(world)
        must = world.holdings()
        if args == PRUNE:
            must = contents_of(world)
            limit(world)
        what, must, lines = sweep.meddle(world, point, args, "", must,
                                         (dice, how, token))
        lines += check_after(world, args, look(world), had)
        lines += [f"lost: {token!r}" for c in must & {("file", token)}
                  if c not in contents_of(world)]
        return [what + line for line in lines]


def contents_of(world):
    """What the folders hold."""
    trees = world.trees()
    return {content for side in SIDES for content in contents(trees[side])}


def reconfigure(point, compression, other):
    """A sync dies; when it is finished, snapshots are made in another way and
    another place."""
    with World(scene.config("prefer_local", compression)) as world:
        scene.prepare(world)
        before = world.holdings()
        strace.kill_at(world, point, "sync", "--apply")
        elsewhere = os.path.join(world.home, "elsewhere")
        os.rename(world.config, world.config + ".was")
        with open(world.config + ".was", encoding="utf-8") as file:
            text = file.read()
        with open(world.config, "w", encoding="utf-8") as file:
            file.write(text.replace(f"compression = {compression}",
                                    f"compression = {other}").replace(
                "[paths]\n", f"[paths]\nbackup_dir = {elsewhere}\n"))
        last = world.sync()
        lines = [] if last.code == 0 else [f"the last run: {last}"]
        lines += [f"lost: {c!r}" for c in
                  before - world.holdings() - kept_in(elsewhere)]
        lines += verify(world, "the new place")
        os.rename(world.config + ".was", world.config)
        lines += verify(world, "the old place")
        if os.path.isdir(world.backups()):
            lines += leftovers(world)
        return lines


def kept_in(root):
    found = set()
    for path, seen in tree(root).items():
        found.add((seen.type, seen.content))
        if path.endswith(b".zip"):
            found |= zip_contents(os.path.join(os.fsencode(root), path))
    return found


@lru_cache(maxsize=None)
def sync_points(compression):
    with World(scene.config("prefer_local", compression)) as world:
        scene.prepare(world)
        found, _ = strace.points(world, "sync", "--apply")
        return [p for p in strace.own(found) if strace.changes(p)]


# ---- all of it ----

def everywhere(effort):
    """(command, compression, points) of each."""
    ways = [(args, c) for args in (CREATE, PRUNE) for c in ("none", "zip")]
    found = effort.pool.map(points, *zip(*ways))
    return [(args, c, here) for (args, c), here in zip(ways, found)]


def kills(effort):
    cases = []
    for args, compression, here in everywhere(effort):
        dice = random.Random(len(here))
        cases += [(kill, args, compression, p) for p in here]
        cases += [(kill, args, compression, p, *dice.choices(here, k=2))
                  for p in here[::3]]
    return effort.sample(cases, 110)


def errors(effort):
    return effort.sample(
        [(fail, args, compression, *failure)
         for args, compression, here in everywhere(effort)
         for failure in effort.failures(here)], 80)


def freezes(effort):
    return effort.sample(
        [(freeze, args, compression, p, seed)
         for args, compression, here in everywhere(effort)
         for p in here for seed in range(2)], 40)


def reconfigurations(effort):
    return effort.sample(
        [(reconfigure, p, one, other)
         for one, other in (("none", "zip"), ("zip", "none"))
         for p in sync_points(one)], 30)


GROUPS = {"kill": kills, "error": errors, "freeze": freezes,
          "reconfigure": reconfigurations}

if __name__ == "__main__":
    sys.exit(runner.main(__doc__, GROUPS))
