"""What must have reached the disk before what: read off the system calls.

A kill cannot show this, and a power cut shows it only sometimes. So the calls
of an undisturbed run are taken in order, with the file behind each descriptor,
and held against the order ENGINE promises: staged content, then the intents,
then the names in the trees, then the snapshot, then the ledger; the journal
goes last.
"""

import os
import re
import tempfile

import scene
import strace
from world import SIDES

CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
FD = re.compile(r"^\d+<([^>]*)>")
AT = re.compile(r'(?:\d+<([^>]*)>|AT_FDCWD(?:<[^>]*>)?), "((?:[^"\\]|\\.)*)"')

WATCHED = ("openat", "write", "pwrite64", "renameat", "renameat2", "linkat",
           "symlinkat", "unlinkat", "mkdirat", "fsync", "fdatasync", "syncfs")


class Trace:
    """What happened to the disk so far; *lines* is what was wrong."""

    def __init__(self, world):
        self.world = world
        self.lines = []
        self.unsynced_files = set()  # written, not synced
        self.unsynced_dirs = {}      # changed names, not synced: dir -> name
        self.clock = 0               # counts calls
        self.made = {}               # staged file -> when
        self.intended = 0            # when the journal was last synced
        self.begun = False           # something was displaced
        self.ledger = False          # the new one has its name

    def device(self, path):
        while not os.path.lexists(path):
            path = os.path.dirname(path)
        return os.lstat(path).st_dev

    def side_of(self, path):
        """The tree a path lies in, staging names apart."""
        for side in SIDES:
            root = self.world.root(side)
            if path == root or path.startswith(root + "/"):
                return side
        return None

    def is_ours(self, path):
        return ("~coldsync-" in os.path.basename(path)
                or "/.coldsync" in path)

    def call(self, name, text):
        self.clock += 1
        if name in ("fsync", "fdatasync"):
            self.synced(FD.match(text).group(1))
        elif name == "syncfs":
            self.volume_synced(self.device(FD.match(text).group(1)))
        elif name in ("write", "pwrite64"):
            match = FD.match(text)
            if match is not None and match.group(1).startswith("/"):
                self.written(match.group(1))
        else:
            names = [os.path.join(*pair) for pair in AT.findall(text)]
            if names and not (name == "openat" and "O_CREAT" not in text):
                self.named(name, names)

    def synced(self, path):
        if (path == os.path.join(self.world.state, "journal")
                and path in self.unsynced_files):
            self.intended = self.clock
        self.unsynced_files.discard(path)
        self.unsynced_dirs.pop(path, None)

    def volume_synced(self, device):
        for found in (self.unsynced_files, self.unsynced_dirs):
            for path in [p for p in found if self.device(p) == device]:
                self.synced(path)

    def written(self, path):
        self.unsynced_files.add(path)

    def named(self, name, paths):
        """Names have come or gone: *paths* is what they are."""
        base = os.path.basename(paths[-1])
        if name in ("openat", "symlinkat"):
            self.made[paths[-1]] = self.clock
        if name in ("renameat", "renameat2", "linkat"):
            self.moved(paths[0], paths[-1])
        if paths[-1] == os.path.join(self.world.state, "journal") and \
                name == "unlinkat":
            self.require(self.ledger, "the journal goes before the ledger is "
                         "there")
            self.require(self.world.state not in self.unsynced_dirs,
                         "the journal goes before the ledger's name is safe")
        if name == "unlinkat" and base.endswith(".tmp"):
            return
        for path in paths:
            self.unsynced_dirs[os.path.dirname(path)] = os.path.basename(path)
        if name == "unlinkat":
            for path in paths:  # a directory that went takes its names along
                self.unsynced_dirs.pop(path, None)
                self.unsynced_files.discard(path)

    def moved(self, old, new):
        state = self.world.state
        if new == os.path.join(state, "ledger"):
            self.ledger_saved(old)
        if old in self.unsynced_files:
            self.unsynced_files.discard(old)
            if self.side_of(new) and not self.is_ours(new):
                self.lines.append(f"{new} gets content that is not synced")
            self.unsynced_files.add(new)
        if self.side_of(new) and self.is_ours(old) and not self.is_ours(new):
            self.require(self.made.get(old, 0) < self.intended,
                         f"{new} is displaced before its intent is synced")
            self.begun = True

    def ledger_saved(self, new):
        self.require(new not in self.unsynced_files,
                     "the ledger gets its name before its content is safe")
        for path, name in self.unsynced_dirs.items():
            if self.side_of(path) or path.startswith(self.world.backups()):
                self.lines.append(
                    f"the ledger knows of {path}/{name} before that is safe")
        for path in self.unsynced_files:
            if path.startswith(self.world.backups()):
                self.lines.append(
                    f"the ledger is saved before {path} is safe")
        self.ledger = True

    def require(self, true, line):
        if not true:
            self.lines.append(line)


def check(variant):
    with variant.world() as world:
        scene.prepare(world)
        with tempfile.NamedTemporaryFile("r", errors="replace") as log:
            words = strace.command(WATCHED, strace.FALLBACKS[variant.fallback],
                                   log.name)
            world.sync(before=[*words, "-y", "-s", "4096"])
            trace = Trace(world)
            for line in log:
                match = CALL.match(line)
                if match is not None and int(match.group(3)) >= 0:
                    trace.call(*match.groups()[:2])
        if not (trace.begun and trace.ledger):
            trace.lines.append("nothing was displaced, or no ledger saved")
        return trace.lines
