"""Killed while others watch: two machines that prove to each other what is in
the cloud folder (cloud.verify = require).

    published.py [--quick | --whole] [--jobs N] [kill|again]

One has published edits, a deletion and news; the other, with edits of its own,
is killed while it syncs. Whatever it has done to the cloud folder by then and
not told, the first one may refuse, but must not take for its user's; and when
the same command has been given again both agree, as if nothing had happened,
and nobody needs --accept-cloud.
"""

import random
import sys
from functools import lru_cache

import runner
import strace
from scene import Hand
from world import CLOUD, LOCAL, World, timeless

SYNC = ("sync", "--apply")


class Pair:
    """Both machines; *one* is the one that is killed."""

    def __init__(self):
        self.one = World(verify="require")
        self.other = World(machine="m2", cloud=self.one.cloud,
                           verify="require")

    def __enter__(self):
        mine, theirs = Hand(self.one.local), Hand(self.other.local)
        for name in ("edited", "gone", "d/left", "d/also gone", "mine"):
            mine.write(name, f"{name} at first\n")
        self.all_sync()
        theirs.now += 1000 * 1_000_000_000
        theirs.write("edited", "edited by the other\n")
        theirs.write("d/new", "news of the other\n")
        theirs.remove("gone")
        done = self.other.sync()
        mine.now += 2000 * 1_000_000_000
        mine.write("mine", "edited here\n")
        mine.write("e/new", "news from here\n")
        mine.remove("d/also gone")
        if done.code != 0:
            raise AssertionError(f"not even begun: {done}")
        return self

    def __exit__(self, *_):
        self.other.remove()
        self.one.remove()

    def all_sync(self):
        for world in (self.one, self.other, self.one):
            done = world.sync()
            if done.code != 0:
                raise AssertionError(f"{world.machine}: {done}")

    def trees(self):
        found = {LOCAL: self.one.trees()[LOCAL],
                 CLOUD: self.one.trees()[CLOUD],
                 "other": self.other.trees()[LOCAL]}
        return {side: {path: (seen.type, seen.content)
                       for path, seen in timeless(tree).items()
                       if not path.startswith(b".coldsync")}
                for side, tree in found.items()}


@lru_cache(maxsize=None)
def ending():
    with Pair() as pair:
        pair.all_sync()
        return pair.trees()


def points(*deaths):
    with Pair() as pair:
        for point in deaths:
            strace.kill_at(pair.one, point, *SYNC)
        found, _ = strace.points(pair.one, *SYNC)
        return [p for p in strace.own(found) if strace.changes(p)]


def kill(*deaths):
    with Pair() as pair:
        for i, point in enumerate(deaths):
            if not strace.kill_at(pair.one, point, *SYNC) and i == 0:
                return [f"{point} was not reached"]
        before = pair.trees()["other"]
        run = pair.other.run(*SYNC)
        lines = []
        if run.code == 5 and pair.trees()["other"] != before:
            lines.append(f"a refused run changed something: {run}")
        if run.code not in (0, 5):
            lines.append(f"the other: {run}")
        for world in (pair.one, pair.other, pair.one, pair.other):
            last = world.sync()
            if last.code != 0:
                lines.append(f"{world.machine} afterwards: {last}")
        got = pair.trees()
        lines += [f"{side}: {got[side]}" for side in got
                  if got[side] != ending()[side]]
        for world in (pair.one, pair.other):
            lines += world.litter()
            lines += [f"{world.machine} is not quiet: {a}"
                      for a in world.plan().json["actions"]]
        return lines


# ---- all of it ----

def kills(effort):
    return effort.sample([(kill, p) for p in points()], 60)


def again(effort):
    """Killed again while that is put right."""
    firsts = random.Random(6).sample(points(), 3 if effort.quick else 25)
    cases = [(kill, first, p)
             for first, found in zip(firsts, effort.pool.map(points, firsts))
             for p in found]
    return effort.sample(cases, 40)


if __name__ == "__main__":
    sys.exit(runner.main(__doc__, {"kill": kills, "again": again}))
