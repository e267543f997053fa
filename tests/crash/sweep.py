"""Stop, fail and disturb a sync at every place where that can happen.

Each case makes a world of its own, does one thing to one run in it, runs again
undisturbed, and compares with a world nobody disturbed. A case answers with
lines saying what is wrong; none means that all is well.
"""

import os
import random
import re
from dataclasses import dataclass
from functools import lru_cache

import scene
import strace
from world import CLOUD, LOCAL, OUR_PREFIX, SIDES, Seen, World, contents, \
    differences, timeless, tree


@dataclass(frozen=True)
class Variant:
    """A way to sync the scene."""
    layout: str = "one"
    policy: str = "keep_both"
    compression: str = "none"
    fallback: str = ""

    def world(self):
        return World(scene.config(self.policy, self.compression), self.layout)

    def __str__(self):
        words = [self.layout, self.policy, self.compression]
        if self.fallback:
            words.append("fallback:" + self.fallback)
        return "/".join(words)


VARIANTS = (
    Variant("one", "keep_both", "none"),
    Variant("one", "prefer_cloud", "zip"),
    Variant("state", "prefer_local", "none"),
    Variant("state", "keep_both", "zip"),
    Variant("cloud", "prefer_newer_mtime", "none"),
    Variant("local", "manual_skip", "zip"),
    Variant("one", "keep_both", "none", "link"),
    Variant("one", "prefer_cloud", "zip", "rename"),
    Variant("state", "keep_both", "none", "rename"),
)

SYNC = ("sync", "--apply")


# ---- what an undisturbed run leads to ----

@dataclass
class Ending:
    """How a world looks when all is done."""
    code: int        # of the sync
    trees: dict      # side -> timeless tree
    plan_code: int   # of a plan afterwards
    conflicts: list  # of that plan
    outside: dict


def conflicts_of(run):
    return sorted((c["path"], c["kind"]) for c in run.json["conflicts"])


def look_around(world, code):
    """How it ended, the plan that says so, and all that lies there."""
    plan = world.plan()
    seen = world.glance()
    trees = {side: timeless(found) for side, found in seen.trees.items()}
    return Ending(code, trees, plan.code, conflicts_of(plan),
                  tree(os.path.join(world.home, "outside"))), plan, seen


@lru_cache(maxsize=None)
def ending(variant):
    with variant.world() as world:
        scene.prepare(world)
        before = world.holdings()
        done = world.sync(before=strace.forced(variant.fallback))
        end, plan, seen = look_around(world, done.code)
        problems = lost(before, seen) + seen.litter()
        problems += [f"not quiet: {a}" for a in plan.json["actions"]]
        if done.code not in (0, 2) or problems:
            raise AssertionError(f"{variant}: undisturbed: {done}{problems}")
        return end


@lru_cache(maxsize=None)
def points(variant):
    """Where the sync of this variant can be met."""
    with variant.world() as world:
        scene.prepare(world)
        found, _ = strace.points(world, *SYNC, fallback=variant.fallback)
        return [p for p in strace.own(found)
                if p.name not in strace.forced_names(variant.fallback)]


def changing_points(variant):
    return [p for p in points(variant) if strace.changes(p)]


# ---- what must be so afterwards ----

def compare(world, expected, code, before):
    """Is this world as if nothing had happened, and all still there?"""
    got, plan, seen = look_around(world, code)
    lines = lost(before, seen)
    if got.code != expected.code:
        lines.append(f"exit {got.code} instead of {expected.code}")
    for side in SIDES:
        lines += [f"{side}: {line}" for line in
                  differences(expected.trees[side], got.trees[side])]
    if got.conflicts != expected.conflicts:
        lines.append(f"conflicts {got.conflicts}")
    if got.plan_code != expected.plan_code:
        lines.append(f"a plan ends with {got.plan_code}: {plan}")
    lines += [f"not quiet: {a['op']} {a['path']} to {a['to']}"
              for a in plan.json["actions"]]
    lines += untouched(expected, got)
    return lines + seen.litter()


def untouched(expected, got):
    return [f"outside: {line}"
            for line in differences(expected.outside, got.outside)]


def lost(before, where):
    """*where* is a world, or a look at it."""
    return [f"lost: {kind} {content[:60]!r}"
            for kind, content in sorted(before - where.holdings())]


def is_whole(seen, old, new):
    """All of the old or all of the new."""
    return any(one is not None and (seen.type, seen.content)
               == (one.type, one.content) for one in (old, new))


def torn(seen, variant, before):
    """Each visible path is old or new at every instant, and a death is one.
    Absent it may be where it was or will be, where a directory makes room for
    a file or the other way round, and where a file system has nothing better
    than renaming twice."""
    lines = []
    for side, found in seen.trees.items():
        now = {path: seen for path, seen in timeless(found).items()
               if OUR_PREFIX not in path}
        old, new = timeless(before[side]), ending(variant).trees[side]
        lines += [f"torn: {side} {path!r}" for path, seen in now.items()
                  if not is_whole(seen, old.get(path), new.get(path))]
        for path in set(old) & set(new) - set(now):
            types = {old[path].type, new[path].type}
            if variant.fallback != "rename" and (
                    "dir" not in types or len(types) == 1):
                lines.append(f"absent: {side} {path!r}")
    return lines


def finish(world, variant, before):
    """The plain run after the disturbed one, and the comparison."""
    last = world.sync(before=strace.forced(variant.fallback))
    lines = compare(world, ending(variant), last.code, before)
    if lines and last.code not in (0, 2):
        lines.append(f"the last run: {last}")
    return lines


# ---- kills ----

def kill(variant, *deaths):
    """Killed at the first point; the rerun at the second; and so on. A point
    that is not reached means that the run before it had been enough."""
    with variant.world() as world:
        scene.prepare(world)
        seen = world.glance()
        before, trees = seen.holdings(), seen.trees
        lines = []
        for i, point in enumerate(deaths):
            died = strace.kill_at(world, point, *SYNC,
                                  fallback=variant.fallback)
            if not died and i == 0:
                return [f"{point} was not reached"]
            seen = world.glance()
            lines += torn(seen, variant, trees) + lost(before, seen)
        return lines + finish(world, variant, before)


def recovery_points(variant, *deaths):
    """Where the run after these deaths can be met."""
    with variant.world() as world:
        scene.prepare(world)
        kill_all(world, variant, deaths)
        found, _ = strace.points(world, *SYNC, fallback=variant.fallback)
        return [p for p in strace.own(found) if strace.changes(p)]


# ---- errors ----

# What a call that only looks may answer.
LOOK_ERRORS = ("EIO", "EACCES", "EMFILE", "ENOMEM")


def kill_all(world, variant, deaths):
    """What is left when runs have died, one after the other."""
    for point in deaths:
        strace.kill_at(world, point, *SYNC, fallback=variant.fallback)


def fail(variant, point, error, forever=False, *deaths):
    """The call fails, once or from then on, maybe in a run that puts right
    what those that died have left; a healthy run comes after."""
    with variant.world() as world:
        scene.prepare(world)
        before = world.holdings()
        kill_all(world, variant, deaths)
        run = world.run(*SYNC, before=strace.inject(
            point, error, variant.fallback, forever))
        # Where nothing can be written any more, nothing can be said either.
        mute = forever and point.name == "write"
        lines = [] if mute else judge_failed(world, variant, run, error,
                                             before)
        lines += finish(world, variant, before)
        return [line for line in lines if not is_harmless(point, line)]


ONLY_TIMES = re.compile(r"expected (.*) \d+, got \1 \d+$", re.DOTALL)


def is_harmless(point, line):
    """What a failing call may leave behind. A lock says who has it only for
    people; a directory that could not be looked into is agreed to stay; where
    times cannot be set, they are what they are."""
    if point.name == "utimensat" and ONLY_TIMES.search(line):
        return True
    if point.name == "ftruncate" and "litter in state: b'lock'" in line:
        return True
    return (point.name in strace.LOOKING
            and "expected nothing, got dir" in line)


def judge_failed(world, variant, run, error, before):
    """Success must be true; failure must say why."""
    expected = ending(variant)
    if run.code == expected.code:
        return [f"said to be done: {line}" for line in
                compare(world, expected, run.code, before)]
    return lost(before, world) + untold(run, error)


def untold(run, error):
    """A failure has a code that fits (4 where the config's own paths cannot be
    looked at), one line that says why, and one that says what to do."""
    if run.code not in (1, 2, 4, 5) and (run.code, error) != (130, "EINTR"):
        return [f"ended with {run.code}: {run.err[-300:]!r}"]
    lines = run.err.decode(errors="replace").splitlines()
    told = [line for line in lines if line.startswith("coldsync: ")]
    if len(told) != 1 or len(told[0]) < 20:
        return [f"exit {run.code} without a reason: {run.err!r}"]
    if not any(line.startswith("hint: ") for line in lines):
        return [f"exit {run.code} without a hint: {run.err!r}"]
    return []


# ---- somebody else at work ----

MUTATIONS = ("rewrite", "append", "delete", "link", "dir", "parent", "create",
             "touch")


def victim_of(world, point, dice):
    """A path to disturb: the one the call is about, or any."""
    found = []
    for side in SIDES:
        for path, seen in sorted(tree(world.root(side)).items()):
            if seen.type in ("file", "link") and not is_private(path):
                found.append((side, path))
    near = [(side, path) for side, path in found
            if f'"{os.path.basename(os.fsdecode(path))}"' in point.text]
    return dice.choice(near if near and dice.random() < 0.8 else found)


def is_private(path):
    return path.startswith((b".coldsync/", OUR_PREFIX))


def disturb(world, side, path, how, token):
    """What another program may do to a path; the bytes it wrote, if any."""
    full = os.path.join(os.fsencode(world.root(side)), path)
    if how == "rewrite":
        with open(full + b".save", "wb") as file:
            file.write(token)
        os.replace(full + b".save", full)
    elif how == "append":
        if os.path.islink(full):
            return None
        with open(full, "ab") as file:
            file.write(token)
        with open(full, "rb") as file:
            return file.read()
    elif how == "delete":
        os.unlink(full)
        return None
    elif how == "link":
        os.unlink(full)
        os.symlink(os.path.join(world.home, "outside", "secret"), full)
        return None
    elif how == "dir":
        os.unlink(full)
        os.mkdir(full)
        with open(os.path.join(full, b"within.txt"), "wb") as file:
            file.write(token)
    elif how == "parent":
        return swap_parent(world, side, path, token)
    elif how == "create":
        with open(full + b".new-beside", "wb") as file:
            file.write(token)
    elif how == "touch":
        os.utime(full, follow_symlinks=False)
        return None
    return token


def swap_parent(world, side, path, token):
    """The directory becomes a link that leads out; it itself goes beside."""
    top = path.split(b"/")[0]
    full = os.path.join(os.fsencode(world.root(side)), top)
    if top == path:
        return None
    os.rename(full, full + b".away")
    os.symlink(os.path.join(world.home, "outside", "inner"), full)
    with open(os.path.join(full + b".away", b"beside.txt"), "wb") as file:
        file.write(token)
    return token


def freeze(variant, point, seed, *deaths):
    """Stopped at the point; somebody writes; it goes on; then all is quiet
    within a few runs, and what they wrote is somewhere."""
    dice = random.Random(f"{variant} {point} {seed}")
    how = dice.choice(MUTATIONS)
    token = f"written while it stood still: {point} {seed}\n".encode()
    with variant.world() as world:
        scene.prepare(world)
        before = world.holdings()
        kill_all(world, variant, deaths)
        what, must, lines = meddle(world, point, SYNC, variant.fallback,
                                   before, (dice, how, token))
        lines += settle(world, variant, must)
        return [what + line for line in lines]


def meddle(world, point, command, fallback, before, deed):
    """The command stops at the point, somebody does the deed, it goes on.
    Returns what was done, what must be somewhere ever after, and what is
    wrong already."""
    dice, how, token = deed
    frozen = strace.Frozen(world, point, *command, fallback=fallback)
    if not frozen.reached:
        frozen.go_on()
        return "", before, [f"{point} was not reached"]
    there = contents_now(world)
    side, path = victim_of(world, point, dice)
    written = disturb(world, side, path, how, token)
    gone = there - contents_now(world) if how != "append" else set()
    code, _, err = frozen.go_on()
    must = before - gone
    if written is not None:
        if how == "append":
            must = {c for c in must if not written.startswith(c[1])}
        must = must | {("file", written)}
    lines = [] if code in (0, 1, 2, 5) else [f"ended with {code}: {err!r}"]
    return (f"{how} {side}:{os.fsdecode(path)}: ", must,
            lines + lost(must, world))


def contents_now(world):
    """What the trees and everything of ours hold: the other program cannot
    take away but what it reaches in the trees."""
    return contents(tree(world.local)) | contents(tree(world.cloud))


def bare(found):
    """A tree of types and contents only: a touch is no change."""
    return {path: Seen(seen.type, seen.content, 0, 0)
            for path, seen in found.items()}


def settle(world, variant, must):
    """Undisturbed runs come to rest, lose nothing, leave nothing."""
    lines = []
    for _ in range(3):
        last = world.sync(before=strace.forced(variant.fallback))
    plan = world.plan()
    if last.code not in (0, 2):
        lines.append(f"does not end well: {last}")
    if plan.code in (0, 2):
        lines += [f"not quiet: {a['op']} {a['path']} to {a['to']}"
                  for a in plan.json["actions"]]
    seen = world.glance()
    if not variant.policy.startswith("manual"):
        trees = seen.trees
        lines += [f"the sides differ: {line}" for line in
                  differences(bare(trees[LOCAL]), bare(trees[CLOUD]))]
    lines += lost(must, seen)
    outside = tree(os.path.join(world.home, "outside"))
    lines += [f"outside: {line}" for line in
              differences(ending(variant).outside, outside)]
    return lines + seen.litter()
