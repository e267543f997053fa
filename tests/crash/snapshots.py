"""Stop and fail what makes and removes snapshots, at every place there is.

    snapshots.py [--quick] [--jobs N]

Whatever comes in between: a snapshot is there whole or not at all, nothing that
is in one gets lost, the folders stay as they are, and the next run leaves
nothing behind that counts for nothing.
"""

import argparse
import os
import random
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache

import scene
import strace
from world import World, differences, tree, zip_contents

SKIPPED = 77
ERRORS = ("ENOSPC", "EIO", "EACCES", "EMFILE")
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

def disturb(args, compression, point, error=None):
    """Killed, or failing, at one point; then the same again, undisturbed."""
    with prepare(compression) as world:
        before, had = look(world), ids(world)
        if args == PRUNE:
            limit(world)
        if error is None:
            strace.kill_at(world, point, *args)
        else:
            world.run(*args, before=strace.inject(point, "error=" + error))
        lines = moved(before, world)
        lines += verify(world, "at once")
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

def cases(quick):
    dice = random.Random(4)

    def some(found, most):
        return dice.sample(found, min(most, len(found))) if quick else found

    for compression in ("none", "zip"):
        for args in (CREATE, PRUNE):
            found = points(args, compression)
            for point in some(found, 45):
                yield disturb, args, compression, point
            for i, point in enumerate(some(found, 20)):
                yield (disturb, args, compression, point,
                       ERRORS[i % len(ERRORS)])
        other = "zip" if compression == "none" else "none"
        for point in some(sync_points(compression), 20):
            yield reconfigure, point, compression, other


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
    todo = list(cases(options.quick))
    with ProcessPoolExecutor(options.jobs) as pool:
        for case, lines in zip(todo, pool.map(attempt, todo, chunksize=4)):
            if lines:
                bad += 1
                print(f"{name_of(case)}\n    " + "\n    ".join(lines[:8]),
                      flush=True)
    print(f"snapshots: {len(todo)} places, {bad} went wrong", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
