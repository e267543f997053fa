"""Undoing is going back: random trees, a sync, and an undo.

A seed draws a policy, two trees that agree on something, and what is edited
since. After a sync and an undo both trees, with every time and permission, are
what they were before, and a plan says what it said then; an undo of the undo
brings back what the sync had made of it. Nothing is ever lost.

    back.py SEED...      try these, step by step
    back.py --seeds N    the first N
"""

import os
import random
import sys
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "crash"))

import world   # noqa: E402
from edits import Editor  # noqa: E402
from laws import actions_of  # noqa: E402
from teller import Source, attempt, hold, parser_for, tell_all  # noqa: E402
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


class Story:
    """One seed's trees."""

    def __init__(self, seed, tell=None):
        self.dice = random.Random(seed)
        self.tell = tell or (lambda text: None)
        self.source = Source()
        self.happened = Counter()
        policy = self.dice.choice(POLICIES)
        self.world = world.World(CONFIG.format(
            policy=policy,
            compression=self.dice.choices(("none", "zip"), (3, 1))[0]))
        self.tell(policy)

    def edit(self, most):
        for _ in range(self.dice.randint(1, most)):
            side = self.dice.choice(SIDES)
            how = Editor(self.source, self.dice,
                         self.world.root(side)).once()
            self.tell(f"edit {side}: {how}")

    # -- looking --

    def plan(self):
        run = self.world.run("sync", "--dry-run", "--allow-deletes")
        hold(run.code in (0, 2), f"a plan: {run}")
        return actions_of(run)

    def run(self, *args):
        run = self.world.run(*args)
        self.tell(f"{' '.join(args)}: exit {run.code}")
        return run

    def same_trees(self, want, when):
        got = self.world.trees()
        lines = [f"{side}: {line}" for side in SIDES
                 for line in differences(want[side], got[side])]
        hold(not lines, f"{when}:\n" + "\n".join(lines[:5]))

    def same_plan(self, want, when):
        got = self.plan()
        hold(got == want, f"{when}, a plan says\n{got}\ninstead of\n{want}")

    # -- the story --

    def play(self):
        self.edit(12)
        agreed = self.run("sync", "--apply", "--policy", "keep_both")
        hold(agreed.code in (0, 2), f"{agreed}")
        self.edit(6)
        before, plan = self.world.trees(), self.plan()
        had = contents(before[LOCAL]) | contents(before[CLOUD])
        done = self.run("sync", "--apply", "--allow-deletes")
        hold(done.code in (0, 2), f"{done}")
        if done.json["snapshot"] is None:
            return
        self.happened["undone and redone"] += 1
        after, quiet = self.world.trees(), self.plan()
        self.undo(before, "after the undo")
        self.same_plan(plan, "after the undo")
        self.undo(after, "after the undo of the undo")
        self.same_plan(quiet, "after the undo of the undo")
        lost = had - self.world.holdings()
        hold(not lost, f"lost: {sorted(lost)[:3]}")
        litter = self.world.litter()
        hold(not litter, "\n".join(litter))

    def close(self):
        self.world.remove()

    def undo(self, want, when):
        shown = self.world.run("undo", "--dry-run")
        done = self.run("undo")
        hold(done.code == 0, f"{when}: {done} {done.json['skipped']}")
        hold(actions_of(shown) == actions_of(done),
             f"{when}: shown and done differ")
        self.same_trees(want, when)


def play(seed, tell=None):
    return attempt(Story(seed, tell))


def main():
    return 1 if tell_all(parser_for(__doc__).parse_args(), play) else 0


if __name__ == "__main__":
    sys.exit(main())
