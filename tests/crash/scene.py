"""The mixed sync: one of everything that can become of a path.

`lay` makes what both sides agree on, `stir` what has happened since. Names are
unique, so that a system call's argument tells which path it is about. Times
are fixed: two worlds laid and stirred are the same world.
"""

import errno
import os
import time

from world import CLOUD, LOCAL

T0 = 1_600_000_000_000_000_000
STEP = 1_000_000_000

# A file this fresh would be read again by the next run, or not, as it happens.
TICK = 0.022

CONFIG = """
[sync]
symlinks = copy
atomic_groups = level/
[conflict]
policy = {policy}
append_merge = *.jsonl
[backup]
compression = {compression}
"""


def config(policy="keep_both", compression="none"):
    return CONFIG.format(policy=policy, compression=compression)


class Hand:
    """Somebody at work in a tree, with a clock of their own."""

    def __init__(self, root):
        self.root = root
        self.now = T0

    def path(self, name):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def date(self, path):
        self.now += STEP
        os.utime(path, ns=(self.now, self.now), follow_symlinks=False)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(text.encode())
        self.chmod(name, mode)
        self.date(path)

    def append(self, name, text):
        with open(self.path(name), encoding="utf-8") as file:
            was = file.read()
        self.write(name, was + text)

    def sparse(self, name, text):
        """Data between two holes."""
        path = self.path(name)
        with open(path, "wb") as file:
            file.seek(16384)
            file.write(text.encode())
            file.truncate(65536)
        self.chmod(name, 0o644)
        self.date(path)

    def link(self, name, target):
        path = self.path(name)
        if os.path.lexists(path):
            os.unlink(path)
        os.symlink(target, path)
        self.date(path)

    def twin(self, name, other):
        os.link(self.path(other), self.path(name))

    def rename(self, name, other):
        os.rename(self.path(name), self.path(other))

    def chmod(self, name, mode):
        try:
            os.chmod(self.path(name), mode)
        except OSError as error:
            if error.errno != errno.ENOSYS:  # some file systems have no modes
                raise

    def remove(self, *names):
        for name in names:
            os.unlink(self.path(name))

    def make_dir(self, name):
        os.makedirs(self.path(name), exist_ok=True)

    def remove_dir(self, *names):
        for name in names:
            os.rmdir(self.path(name))


def lay(world, links=True):
    """What both sides will agree on; to be followed by a sync."""
    hand = Hand(world.local)
    hand.write("same.txt", "nobody touches this\n")
    hand.write("docs/edit-here.txt", "as agreed, to be edited here\n")
    hand.write("docs/edit-there.txt", "as agreed, to be edited there\n")
    hand.write("docs/gone-here.txt", "as agreed, to be deleted here\n")
    hand.write("docs/gone-there.txt", "as agreed, to be deleted there\n")
    hand.write("docs/move-old.txt", "as agreed, to be renamed\n")
    hand.write("deep/a/b/leaf.txt", "as agreed, goes with its directories\n")
    hand.write("both.txt", "as agreed, to be edited on both sides\n")
    hand.write("edited-gone.txt", "as agreed, edited here, deleted there\n")
    hand.write("to-dir", "as agreed, becomes a directory\n")
    hand.write("to-file/inner.txt", "as agreed, its directory goes\n")
    hand.write("db/app.db", "database, as agreed\n")
    hand.write("db/app.db-wal", "log of the database, as agreed\n")
    hand.write("level/manifest", "group, as agreed\n")
    hand.write("level/000001.ldb", "table one\n")
    hand.make_dir("empty-old")
    if links:
        hand.link("link-moves", "same.txt")
        hand.link("link-goes", "../outside/secret")
    hand.write("readonly.txt", "as agreed, and read-only\n", 0o444)
    hand.sparse("sparse.bin", "as agreed")
    hand.write("log.jsonl", '{"ts": 1, "say": "agreed"}\n')
    hand.write("exec.sh", "#!/bin/sh\n")
    hand.write("private.txt", "as agreed, and private\n", 0o600)
    hand.write("hard-one.txt", "one file, two names\n")
    hand.twin("hard-two.txt", "hard-one.txt")


def stir(world, links=True):
    """What has happened since, on either side."""
    here, there = Hand(world.local), Hand(world.cloud)
    here.now = T0 + 1000 * STEP
    there.now = T0 + 2000 * STEP
    here.write("docs/edit-here.txt", "edited here\n")
    there.write("docs/edit-there.txt", "edited there\n")
    here.remove("docs/gone-here.txt")
    there.remove("docs/gone-there.txt")
    here.rename("docs/move-old.txt", "docs/move-new.txt")
    there.remove("deep/a/b/leaf.txt")
    there.remove_dir("deep/a/b", "deep/a", "deep")
    here.write("both.txt", "edited on both sides: here\n")
    there.write("both.txt", "edited on both sides: there\n")
    here.write("edited-gone.txt", "edited here, deleted there\n")
    there.remove("edited-gone.txt")
    here.remove("to-dir")
    here.write("to-dir/arrived.txt", "in what was a file\n")
    there.remove("to-file/inner.txt")
    there.remove_dir("to-file")
    there.write("to-file", "was a directory\n")
    there.write("db/app.db", "database, written there\n")
    there.remove("db/app.db-wal")
    there.write("db/app.db-shm", "shared memory\n")
    here.write("level/manifest", "group, written here\n")
    here.write("level/000002.ldb", "table two\n")
    here.remove("level/000001.ldb")
    there.remove_dir("empty-old")
    here.make_dir("empty-new")
    if links:
        here.link("link-moves", "docs")
        there.remove("link-goes")
        there.link("link-comes", "../../etc/hostname")
    there.write("readonly.txt", "read-only, and edited there\n", 0o444)
    here.sparse("sparse.bin", "edited here")
    here.append("log.jsonl", '{"ts": 3, "say": "here"}\n')
    there.append("log.jsonl", '{"ts": 2, "say": "there"}\n')
    here.chmod("exec.sh", 0o755)
    there.write("private.txt", "private, and edited there\n", 0o600)
    there.write("hard-one.txt", "one of two names, edited there\n")
    here.write("new-here.txt", "new here\n")
    there.write("new/there.txt", "new there\n")
    here.write("both-new.txt", "new on both sides: here\n")
    there.write("both-new.txt", "new on both sides: there\n")


def outside(world):
    """What lies beside the trees, and must stay as it is."""
    hand = Hand(os.path.join(world.home, "outside"))
    hand.write("secret", "nobody may read or write this\n", 0o600)
    hand.write("inner/other", "nor this\n")


def prepare(world):
    """A world that has agreed on much, and then been stirred."""
    outside(world)
    lay(world)
    time.sleep(TICK)
    done = world.sync()
    if done.code != 0:
        raise AssertionError(f"the first sync: {done}")
    stir(world)


SIDES = (LOCAL, CLOUD)
