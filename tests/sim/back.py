"""Undoing is going back: random trees, a sync, and an undo.

A seed draws a policy, two trees that agree on something, and what is edited
since. After a sync and an undo both trees, with every time and permission, are
what they were before, and a plan says what it said then; an undo of the undo
brings back what the sync had made of it. Nothing is ever lost.

    back.py SEED...      try these, step by step
    back.py --seeds N    the first N
"""

import argparse
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "crash"))

import world   # noqa: E402
from edits import Editor  # noqa: E402
from laws import actions_of, hold  # noqa: E402
from world import CLOUD, LOCAL, SIDES, contents, differences  # noqa: E402

POLICIES = ("keep_both", "prefer_local", "prefer_cloud", "prefer_newer_mtime",
            "manual_skip")
CONFIG = """
[sync]
symlinks = copy
atomic_groups = grp/
durability = none
[conflict]
policy = {policy}
append_merge = *.jsonl
[backup]
compression = {compression}
max_backups = 0
retention_days = 0
"""
T0 = 1_700_000_000_000_000_000


class Story:
    """One seed's trees; an editor's simulation in small."""

    def __init__(self, seed, tell=None):
        self.dice = random.Random(seed)
        self.tell = tell or (lambda text: None)
        self.count = 0
        policy = self.dice.choice(POLICIES)
        self.world = world.World(CONFIG.format(
            policy=policy,
            compression=self.dice.choices(("none", "zip"), (3, 1))[0]))
        self.tell(policy)

    # -- what edits are made of --

    def tick(self):
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

    def edit(self, most):
        for _ in range(self.dice.randint(1, most)):
            side = self.dice.choice(SIDES)
            how = Editor(self, self.world.root(side)).once()
            self.tell(f"edit {side}: {how}")

    # -- looking --

    def trees(self):
        return self.world.trees()

    def plan(self):
        run = self.world.run("sync", "--dry-run", "--allow-deletes")
        hold(run.code in (0, 2), f"a plan: {run}")
        return actions_of(run)

    def run(self, *args):
        run = self.world.run(*args)
        self.tell(f"{' '.join(args)}: exit {run.code}")
        return run

    def same_trees(self, want, when):
        got = self.trees()
        lines = [f"{side}: {line}" for side in SIDES
                 for line in differences(want[side], got[side])]
        hold(not lines, f"{when}:\n" + "\n".join(lines[:5]))

    def same_plan(self, want, when):
        got = self.plan()
        hold(got == want, f"{when}, a plan says\n{got}\ninstead of\n{want}")

    # -- the story --

    def play(self):
        """Returns whether there was anything to undo."""
        self.edit(12)
        agreed = self.run("sync", "--apply", "--policy", "keep_both")
        hold(agreed.code in (0, 2), f"{agreed}")
        self.edit(6)
        before, plan = self.trees(), self.plan()
        had = contents(before[LOCAL]) | contents(before[CLOUD])
        done = self.run("sync", "--apply", "--allow-deletes")
        hold(done.code in (0, 2), f"{done}")
        if done.json["snapshot"] is None:
            return False
        after, quiet = self.trees(), self.plan()
        self.undo(before, "after the undo")
        self.same_plan(plan, "after the undo")
        self.undo(after, "after the undo of the undo")
        self.same_plan(quiet, "after the undo of the undo")
        lost = had - self.world.holdings()
        hold(not lost, f"lost: {sorted(lost)[:3]}")
        litter = self.world.litter()
        hold(not litter, "\n".join(litter))
        return True

    def undo(self, want, when):
        shown = self.world.run("undo", "--dry-run")
        done = self.run("undo")
        hold(done.code == 0, f"{when}: {done} {done.json['skipped']}")
        hold(actions_of(shown) == actions_of(done),
             f"{when}: shown and done differ")
        self.same_trees(want, when)


def play(seed, tell=None):
    """(was there anything to undo, what is wrong in lines)."""
    story = Story(seed, tell)
    try:
        return story.play(), []
    except AssertionError as broken:
        return True, str(broken).splitlines()
    except Exception as trouble:  # a broken story must name its seed
        return True, [f"{type(trouble).__name__}: {trouble}"]
    finally:
        story.world.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seed", nargs="*", type=int)
    parser.add_argument("--seeds", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=6)
    options = parser.parse_args()
    bad = undone = 0
    for seed in options.seed:
        _, lines = play(seed, print)
        bad += bool(lines)
        print("\n".join(lines) or f"seed {seed}: all is well")
    many = range(options.first, options.first + options.seeds)
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, (any_, lines) in zip(many, pool.map(play, many,
                                                      chunksize=8)):
            undone += any_
            bad += bool(lines)
            if lines:
                print(f"seed {seed}: " + "\n    ".join(lines[:6]), flush=True)
    if options.seeds:
        print(f"{options.seeds} seeds, {undone} undone and redone, "
              f"{bad} went wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
