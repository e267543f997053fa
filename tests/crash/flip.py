"""A directory becomes a link to outside while a run stands still.

Outside lies a second set of everything: for each directory of either tree one
of the same name, with files of the same names in it and more. Whatever the run
does from there on, none of that is changed, and nothing of it is to be found
anywhere else: not in the trees, the snapshots, the log, nor in what was said.
"""

import os
import random

import scene
import strace
import sweep
from world import SIDES, tree

SECRET = b"nobody's business: "


def lay_traps(world):
    """Returns where they lie."""
    traps = os.path.join(os.fsencode(world.home), b"outside", b"traps")
    for side in SIDES:
        for path, seen in tree(world.root(side)).items():
            full = os.path.join(traps, path)
            if seen.type == "dir":
                os.makedirs(full, exist_ok=True)
            elif not os.path.lexists(full) and b"/" in path:
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "wb") as file:
                    file.write(SECRET + path)
    for top, dirs, _files in os.walk(traps):
        for name in (b"only-here.txt", *(d + b".txt" for d in dirs)):
            with open(os.path.join(top, name), "wb") as file:
                file.write(SECRET + name)
    return traps


def directories(world, point, dice):
    """A directory to flip: near what the call is about, or any."""
    found = [(side, path) for side in SIDES
             for path, seen in sorted(tree(world.root(side)).items())
             if seen.type == "dir"]
    side, victim = sweep.victim_of(world, point, dice)
    above = [(s, p) for s, p in found
             if s == side and victim.startswith(p + b"/")]
    return dice.choice(above if above and dice.random() < 0.8 else found)


def flip(world, side, path, traps):
    """The directory goes where the run cannot find it."""
    full = os.path.join(os.fsencode(world.root(side)), path)
    away = os.path.join(os.path.dirname(os.fsencode(world.root(side))),
                        b"taken-away")
    os.rename(full, away)
    os.symlink(os.path.join(traps, path), full)


def leaks(world, outside):
    """Files that hold a secret though they lie elsewhere."""
    found = []
    for home in {world.home, *(os.path.dirname(world.root(s)) for s in SIDES)}:
        for top, _dirs, files in os.walk(os.fsencode(home)):
            if top.startswith(outside):
                continue
            for name in files:
                full = os.path.join(top, name)
                if os.path.islink(full):
                    continue
                with open(full, "rb") as file:
                    if SECRET in file.read():
                        found.append(f"a secret lies in {full!r}")
    return found


def told(*said):
    return ["a secret was told" for text in said
            if SECRET in (text if isinstance(text, bytes)
                          else str(text).encode())]


def one_flip(variant, point, seed):
    """Stopped at the point; a directory is flipped; it goes on."""
    dice = random.Random(f"flip {variant} {point} {seed}")
    with variant.world() as world:
        scene.prepare(world)
        traps = lay_traps(world)
        outside = os.path.dirname(traps)
        frozen = strace.Frozen(world, point, *sweep.SYNC,
                               fallback=variant.fallback)
        if not frozen.reached:
            frozen.go_on()
            return [f"{point} was not reached"]
        before = everything(outside)
        side, path = directories(world, point, dice)
        flip(world, side, path, traps)
        code, *said = frozen.go_on()
        lines = [] if code in (0, 1, 2, 5) else [f"ended with {code}: {said}"]
        lines += changes(before, everything(outside))
        lines += leaks(world, outside) + told(*said)
        return [f"{side}:{os.fsdecode(path)}: {line}" for line in lines]


def everything(root):
    """With all times, and who may do what."""
    found = {}
    for top, dirs, files in os.walk(root):
        for name in [*dirs, *files]:
            full = os.path.join(top, name)
            info = os.lstat(full)
            content = None
            if name in files and not os.path.islink(full):
                with open(full, "rb") as file:
                    content = file.read()
            found[full] = (info.st_mode, info.st_ino, info.st_nlink,
                           info.st_size, info.st_mtime_ns, content)
    return found


def changes(before, after):
    return [f"outside: {path!r} is {after.get(path)}, was {before.get(path)}"
            for path in sorted({*before, *after})
            if before.get(path) != after.get(path)]
