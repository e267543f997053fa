"""The power goes: what was not written through to the disk is gone.

    power.py [--quick] [--jobs N] [cut|end...]

A sync is recorded by strace, call by call, and killed at one of them. Then
every file loses what was written to it since it was last synced, wherever it
has been renamed to since: that is what a journalling file system may be left
with, names in order, data not. The plain run that follows loses nothing, and
ends as if nothing had happened. The group `end` cuts the power after the last
word of a run that ended well: what it said is true. runner.py tells the rest.
"""

import os
import re
import sys
import tempfile

import runner
import scene
import strace
import sweep
from world import tree

CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
FD = re.compile(r"^\d+<([^>]*)>")
AT = re.compile(r'(?:\d+<([^>]*)>|AT_FDCWD(?:<[^>]*>)?), "((?:[^"\\]|\\.)*)"')
OFFSET = re.compile(r", (\d+)$")
NAMES = ("openat", "write", "pwrite64", "ftruncate", "renameat", "renameat2",
         "linkat", "symlinkat", "unlinkat", "mkdirat", "fchmod", "utimensat",
         "fsync", "fdatasync", "syncfs")
VARIANTS = sweep.VARIANTS[:2] + sweep.VARIANTS[2:4]


class Disk:
    """How much of each file has reached the disk, and how much was written."""

    def __init__(self, world):
        self.written, self.safe = {}, {}
        for part in (world.local, world.cloud, world.state):
            for path, seen in tree(part).items():
                full = os.path.join(part, os.fsdecode(path))
                self.written[full] = self.safe[full] = len(seen.content)

    def call(self, name, text, result):
        if name in ("fsync", "fdatasync"):
            self.sync(lambda path, one=FD.match(text).group(1): path == one)
        elif name == "syncfs":
            at = device(FD.match(text).group(1))
            self.sync(lambda path: device(path) == at)
        elif name in ("write", "pwrite64"):
            self.write(name, text, result)
        elif name == "ftruncate":
            path, size = FD.match(text).group(1), int(text.split(", ")[-1])
            self.written[path] = size
            self.safe[path] = min(self.safe.get(path, 0), size)
        else:
            names = [os.path.join(*pair) for pair in AT.findall(text)]
            self.name(name, text, names)

    def sync(self, is_meant):
        for path, size in self.written.items():
            if is_meant(path):
                self.safe[path] = size

    def write(self, name, text, result):
        match = FD.match(text)
        if match is None or not match.group(1).startswith("/"):
            return
        path = match.group(1)
        had = self.written.get(path, 0)
        at = int(OFFSET.search(text).group(1)) if name == "pwrite64" else had
        self.written[path] = max(had, at + result)
        self.safe[path] = min(self.safe.get(path, 0), at)

    def name(self, call, text, names):
        if call == "openat" and names and "O_CREAT" in text:
            self.written.setdefault(names[0], 0)
            self.safe.setdefault(names[0], 0)
        elif call == "linkat":
            self.copy(names[0], names[1])
        elif call in ("renameat", "renameat2"):
            if "RENAME_EXCHANGE" in text:
                self.copy(names[0], names[1], swap=True)
            else:
                self.copy(names[0], names[1])
                self.forget(names[0])
        elif call == "unlinkat":
            self.forget(names[0])

    def copy(self, old, new, swap=False):
        """What is known of a name, and of all below it, is so of another."""
        for known in (self.written, self.safe):
            here = below(known, old)
            there = below(known, new)
            for path in [old + end for end in here] + [
                    new + end for end in there]:
                del known[path]
            known.update({new + end: size for end, size in here.items()})
            if swap:
                known.update({old + end: size for end, size in there.items()})
            else:
                known.update({old + end: size for end, size in here.items()})

    def forget(self, path):
        for known in (self.written, self.safe):
            for end in below(known, path):
                del known[path + end]

    def lose(self):
        """Every file keeps what is safe; how many lost something."""
        lost = 0
        for path, size in self.written.items():
            safe = self.safe.get(path, 0)
            if safe < size and os.path.isfile(path) \
                    and not os.path.islink(path):
                os.truncate(path, min(safe, os.path.getsize(path)))
                lost += 1
        return lost


def below(known, path):
    """The ends of all names that are *path* or in it."""
    return {name[len(path):]: size for name, size in known.items()
            if name == path or name.startswith(path + "/")}


def device(path):
    while not os.path.lexists(path):
        path = os.path.dirname(path)
    return os.lstat(path).st_dev


def traced(world, variant, point=None):
    """A sync, recorded, maybe killed; its end and the disk's state."""
    disk = Disk(world)
    kill = [] if point is None else [f"{point.name}:signal=KILL:when={point.n}"]
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        words = strace.command(
            NAMES, [*strace.FALLBACKS[variant.fallback], *kill], log.name)
        run = world.sync(before=[*words, "-y", "-s", "4096"])
        lines = log.readlines()
    for line in lines:
        match = CALL.match(line)
        if match is not None and int(match.group(3)) >= 0:
            disk.call(match.group(1), match.group(2), int(match.group(3)))
    return run, disk, lines


def points(variant):
    with variant.world() as world:
        scene.prepare(world)
        _, _, lines = traced(world, variant)
    found, count, ours = [], {}, False
    for line in lines:
        name, text = line.split("(", 1)
        name = name.split()[-1]
        count[name] = count.get(name, 0) + 1
        point = strace.Point(name, count[name], text.strip())
        if ours and strace.changes(point):
            found.append(point)
        ours |= "test.ini" in text
    return found


def cut(variant, point):
    """The power goes in front of the call."""
    with variant.world() as world:
        scene.prepare(world)
        before = world.holdings()
        run, disk, _ = traced(world, variant, point)
        if run.code >= 0:
            return [f"{point} was not reached"]
        disk.lose()
        return sweep.finish(world, variant, before)


def end(variant):
    """The power goes when all is said."""
    with variant.world() as world:
        scene.prepare(world)
        before = world.holdings()
        run, disk, _ = traced(world, variant)
        disk.lose()
        lines = sweep.compare(world, sweep.ending(variant), run.code, before)
        checked = world.run("backups", "verify")
        if checked.code != 0:
            lines.append(f"{checked} {checked.out}")
        return lines


def cuts(effort):
    found = effort.pool.map(points, VARIANTS)
    return effort.sample([(cut, v, p) for v, here in zip(VARIANTS, found)
                          for p in here], 60)


def ends(effort):
    del effort
    return [(end, v) for v in VARIANTS]


GROUPS = {"cut": cuts, "end": ends}

if __name__ == "__main__":
    if strace.no_tracing():
        print(f"skipped: {strace.no_tracing()}")
        sys.exit(runner.SKIPPED)
    sys.exit(runner.main(__doc__, GROUPS))
