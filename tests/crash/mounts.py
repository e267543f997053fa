"""The same on other file systems: as root, with the cloud folder on each.

    mounts.py [--quick] [NAME...]

A plain pass (sync, edit on both sides, sync, be quiet), some kills, and on
ext4 a power cut: the image of the mounted file system is copied the moment the
program has said that it is done, and what is on the copy must be what it said.
Ends with 77 where nothing can be mounted.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import scene
import strace
from world import CLOUD, LOCAL, Seen, World, differences, mirrored, tree

SKIPPED = 77


@dataclass(frozen=True)
class Kind:
    """A file system: how to make and mount it, and what it cannot hold."""
    name: str
    make: tuple
    mount: tuple
    plain: bool       # no links, no modes
    loop: bool = True  # wants a block device
    size: str = "64M"


# exFAT and NTFS, by way of FUSE, know no swap; exFAT knows no links either.
# (fusefat loses long names and hangs by itself.)
KINDS = (
    Kind("exfat", ("mkfs.exfat",), ("mount.exfat-fuse",), True),
    Kind("ntfs", ("mkfs.ntfs", "-F", "-Q"),
         ("lowntfs-3g", "-o", "ignore_case,windows_names"), True, False),
    Kind("ext4", ("mkfs.ext4", "-q"), ("mount", "-o", "loop"), False, False),
    Kind("ext3", ("mkfs.ext4", "-q", "-t", "ext3", "-I", "128"),
         ("mount", "-o", "loop"), False, False),
    Kind("btrfs", ("mkfs.btrfs", "-q"), ("mount", "-o", "loop"), False, False,
         "256M"),
    Kind("xfs", ("mkfs.xfs", "-q"), ("mount", "-o", "loop"), False, False,
         "512M"),
)

PLAIN_CONFIG = """
[sync]
symlinks = skip
atomic_groups = level/
[conflict]
policy = keep_both
append_merge = *.jsonl
"""


def tried(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0


class Mount:
    """A file system made for the occasion; a context manager."""

    def __init__(self, kind):
        self.kind = kind
        self.home = tempfile.mkdtemp(prefix="coldsync-mount-")
        self.image = os.path.join(self.home, "image")
        self.at = os.path.join(self.home, "at")
        self.device = None
        os.mkdir(self.at)

    def __enter__(self):
        subprocess.run(["truncate", "-s", self.kind.size, self.image],
                       check=True)
        self.reason = self.why_not()
        return self

    def why_not(self):
        """Mount; None, or why that does not work here."""
        for tool in (self.kind.make[0], self.kind.mount[0]):
            if shutil.which(tool) is None:
                return f"{tool} is not installed"
        if not tried(*self.kind.make, self.image):
            return "it cannot be made"
        source = self.image
        if self.kind.loop:
            done = subprocess.run(["losetup", "-f", "--show", self.image],
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return "there is no loop device"
            source = self.device = done.stdout.strip()
        if not tried(*self.kind.mount, source, self.at) or not self.mounted():
            return "it cannot be mounted"
        return None

    def mounted(self):
        return os.stat(self.at).st_dev != os.stat(self.home).st_dev

    def __exit__(self, *_):
        for _ in range(50):
            if not self.mounted() or tried("umount", self.at):
                break
            time.sleep(0.1)
        if self.device:
            tried("losetup", "-d", self.device)
        shutil.rmtree(self.home)


def world_on(mount):
    """A world whose cloud folder lies there."""
    config = PLAIN_CONFIG if mount.kind.plain else scene.config()
    cloud = tempfile.mkdtemp(prefix="cloud-", dir=mount.at)
    return World(config, cloud=cloud)


def prepare(world, plain):
    """The scene, as far as such a file system can hold it. Case is kept, and
    no name needs it; times are whole and even seconds there."""
    if not plain:
        scene.prepare(world)
        return
    scene.outside(world)
    scene.lay(world, links=False)
    done = world.sync()
    if done.code != 0:
        raise AssertionError(f"the first sync: {done}")
    scene.stir(world, links=False)


def bare(found, plain):
    """A tree for comparing across such a border."""
    return {path: Seen(seen.type, seen.content,
                       0 if plain or seen.type != "file" else seen.mode & 0o100,
                       0)
            for path, seen in mirrored(found).items()}


def judge(world, plain, before):
    """After the sync that nobody disturbed."""
    for _ in range(3):  # a time may be rounded only later: that is a change
        last = world.sync()
        if last.code == 0:
            break
    lines = [] if last.code == 0 else [str(last)]
    trees = world.trees()
    lines += differences(bare(trees[LOCAL], plain), bare(trees[CLOUD], plain))
    lines += [f"lost: {c!r}" for c in before - world.holdings()]
    again = world.plan()
    lines += [f"not quiet: {a['op']} {a['path']}" for a in again.json["actions"]]
    return lines + world.litter()


def plain_pass(mount):
    with world_on(mount) as world:
        prepare(world, mount.kind.plain)
        return judge(world, mount.kind.plain, world.holdings())


def kills(mount, most):
    """Some kills, by the same dice each time."""
    with world_on(mount) as world:
        prepare(world, mount.kind.plain)
        found, _ = strace.points(world, "sync", "--apply")
        points = [p for p in strace.own(found) if strace.changes(p)]
    points = random.Random(mount.kind.name).sample(
        points, min(most, len(points)))
    for point in points:
        with world_on(mount) as world:
            prepare(world, mount.kind.plain)
            before = world.holdings()
            strace.kill_at(world, point, "sync", "--apply")
            lines = [f"lost: {c!r}" for c in before - world.holdings()]
            lines += judge(world, mount.kind.plain, before)
            shutil.rmtree(world.cloud)
        if lines:
            return [f"killed at {point} [{point.text[:70]}]", *lines[:8]]
    return []


def power_cut(mount):
    """Everything of ours on the one file system, which then loses power."""
    home = tempfile.mkdtemp(dir=mount.at)
    with World(scene.config(), home=home) as world:
        scene.prepare(world)
        done = world.sync()
        copy = mount.image + ".cut"
        shutil.copyfile(mount.image, copy)
        was = {side: tree(world.root(side)) for side in (LOCAL, CLOUD)}
        if done.code != 0:
            return [str(done)]
        at = mount.at + "-cut"
        os.mkdir(at)
        if not tried("mount", "-o", "loop", copy, at):
            return ["the copy cannot be mounted"]
        try:
            lines = []
            for side in (LOCAL, CLOUD):
                below = os.path.relpath(world.root(side), mount.at)
                lines += [f"after the cut, {side}: {line}" for line in
                          differences(was[side],
                                      tree(os.path.join(at, below)))]
            return lines
        finally:
            tried("umount", at)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", nargs="*")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("mounts: skipped: only root may mount")
        return SKIPPED
    some = bad = 0
    for kind in KINDS:
        if options.kind and kind.name not in options.kind:
            continue
        with Mount(kind) as mount:
            if mount.reason is not None:
                print(f"mounts: {kind.name}: skipped: {mount.reason}")
                continue
            some += 1
            lines = plain_pass(mount)
            if not lines and strace.missing() is None:
                lines = kills(mount, 3 if options.quick else 60)
            if not lines and kind.name.startswith("ext"):
                lines = power_cut(mount)
            bad += bool(lines)
            print(f"mounts: {kind.name}: "
                  + ("\n    ".join(lines) or "all is well"), flush=True)
    if some == 0:
        return SKIPPED
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
