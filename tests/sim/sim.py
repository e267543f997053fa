"""Machines, a cloud folder, people: a whole story from one number.

A seed draws the machines' policies, what is edited where, who syncs when, and
who dies in the middle. After every run the laws below must hold; in the end
all machines must agree and then keep quiet. The same seed tells the same
story again.

    sim.py SEED...       tell these, step by step
    sim.py --seeds N     the first N, quietly
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "crash"))

import strace  # noqa: E402
import world   # noqa: E402
from edits import Editor  # noqa: E402
from laws import Laws  # noqa: E402

POLICIES = ("keep_both", "prefer_local", "prefer_cloud", "prefer_newer_mtime",
            "manual_skip", "manual_abort")
KILLS = ("renameat2", "renameat2", "openat", "write", "fsync", "unlinkat",
         "mkdirat", "utimensat", "syncfs", "renameat", "fchmod", "ftruncate")
CONFIG = """
[sync]
symlinks = copy
atomic_groups = grp/
compare = {compare}
delete_policy = {deletes}
[conflict]
policy = {policy}
append_merge = *.jsonl
[backup]
compression = {compression}
max_backups = 0
retention_days = 0
"""
T0 = 1_700_000_000_000_000_000



class Sim:
    """One story."""

    def __init__(self, seed, tell=None, kills=True):
        self.dice = random.Random(seed)
        self.seed, self.tell = seed, tell or (lambda text: None)
        self.kills = kills
        self.count = 0
        self.home = tempfile.mkdtemp(prefix="coldsync-",
                                     dir=world.quick_place())
        self.cloud = os.path.join(self.home, "cloud")
        self.deletes = self.dice.choices(("propagate", "never"), (9, 1))[0]
        self.machines = [self.machine(i)
                         for i in range(self.dice.choice((2, 2, 3)))]
        self.runs = 0

    def machine(self, i):
        dice, name = self.dice, f"m{i + 1}"
        policy = dice.choice(POLICIES)
        config = CONFIG.format(
            policy=policy, deletes=self.deletes,
            compare=dice.choices(("mtime_hash_fallback", "hash"), (4, 1))[0],
            compression=dice.choices(("none", "zip"), (3, 1))[0])
        home = os.path.join(self.home, name)
        os.mkdir(home)
        made = world.World(config, machine=name, home=home, cloud=self.cloud)
        made.laws = Laws(made, policy, self.deletes)
        self.tell(f"{name}: {policy}, deletes {self.deletes}")
        return made

    # -- what edits are made of --

    def tick(self):
        """A later time; never the same twice."""
        self.count += 1
        return T0 + self.count * 3_000_000_000

    def word(self, n):
        self.count += 1
        return f"{self.count:0{n}d}".encode()

    def line(self, path):
        word = self.word(8).decode()
        if path.endswith(".jsonl"):
            return f'{{"ts": {int(word)}, "id": "{word}"}}\n'.encode()
        return f"line {word}\n".encode()

    def content(self, path):
        return self.line(path) if path.endswith(".jsonl") else (
            b"new content " + self.word(11) + b"\n")

    # -- the story --

    def edit(self):
        """Some edits, on one machine or in the cloud."""
        roots = [m.local for m in self.machines] + [self.cloud]
        root = self.dice.choice(roots)
        for _ in range(self.dice.randint(1, 4)):
            how = Editor(self, root).once()
            self.tell(f"edit {os.path.relpath(root, self.home)}: {how}")

    def run(self, machine, command=None):
        """One run of one machine, perhaps cut short; the laws must hold."""
        command = command or self.dice.choices(
            (("sync", "--apply"), ("pull",), ("push",)), (6, 1, 1))[0]
        self.runs += 1
        laws = machine.laws
        plan = machine.run(command[0], "--dry-run", "--allow-deletes",
                           *command[2:])
        laws.before(plan)
        killed = self.kills and self.dice.random() < 0.15
        if killed:
            self.kill(machine, command)
        last = machine.run(*command, "--allow-deletes")
        self.tell(f"{machine.machine}: {' '.join(command)}: exit {last.code}")
        laws.after(command[0], last, killed)

    def kill(self, machine, command):
        """Dies once, twice or three times; a kill that comes too late is a run
        that ended."""
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            name = self.dice.choice(KILLS)
            most = 90 if name in ("openat", "renameat2") else 20
            point = strace.Point(name, self.dice.randint(1, most))
            died = strace.kill_at(machine, point, *command, "--allow-deletes")
            self.tell(f"{machine.machine}: killed at {point}: {died}")

    def agree(self):
        """No more edits: k machines agree within 2k + 1 runs, then rest."""
        k = len(self.machines)
        final = ("sync", "--apply", "--policy", "keep_both")
        for i in range(2 * k + 1):
            self.run(self.machines[i % k], final)
        for machine in self.machines:
            machine.laws.rests(final)
        if self.deletes == "propagate":
            self.machines[0].laws.agrees(self.machines[1:])

    def story(self):
        for _ in range(self.dice.randint(4, 9)):
            for _ in range(self.dice.choice((0, 1, 1, 2))):
                self.edit()
            self.run(self.dice.choice(self.machines))
        self.agree()

    def close(self):
        shutil.rmtree(self.home, onerror=world.make_removable)


def play(seed, tell=None, kills=True):
    """What is wrong with this seed's story, in lines; empty: nothing."""
    sim = Sim(seed, tell, kills)
    try:
        sim.story()
    except AssertionError as broken:
        return [f"run {sim.runs}: {line}"
                for line in str(broken).splitlines()]
    except Exception as trouble:  # a broken story must name its seed
        return [f"run {sim.runs}: {type(trouble).__name__}: {trouble}"]
    finally:
        sim.close()
    return []


def play_many(seeds, kills=True, jobs=2):
    """(seed, lines) of each that went wrong, as they come."""
    with ProcessPoolExecutor(jobs) as pool:
        results = pool.map(play, seeds, [None] * len(seeds),
                           [kills] * len(seeds), chunksize=8)
        for seed, lines in zip(seeds, results):
            if lines:
                yield seed, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seed", nargs="*", type=int)
    parser.add_argument("--seeds", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    kills = strace.missing() is None
    bad = 0
    for seed in options.seed:
        lines = play(seed, print, kills)
        bad += bool(lines)
        print("\n".join(lines) or f"seed {seed}: all is well")
    many = range(options.first, options.first + options.seeds)
    for seed, lines in play_many(many, kills, options.jobs):
        bad += 1
        print(f"seed {seed}: " + "\n    ".join(lines[:6]), flush=True)
    if options.seeds:
        print(f"{options.seeds} seeds, {bad} went wrong"
              + ("" if kills else f"; no kills: {strace.missing()}"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
