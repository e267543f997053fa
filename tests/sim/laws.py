"""What must hold after every run of every machine, whatever happened.

Each machine has its laws: they remember how both sides looked before a run and
what the two agreed on after the last, and judge by that alone, without asking
the program.
"""

import os
import re

from teller import hold
from world import CLOUD, LOCAL, contents, tree

BACKUP = re.compile(rb"backups/[^/.]+(\.zip)?")
COPY_STAMP = re.compile(r"\.conflict-\d{8}-\d{6}-")
FAMILY = (b"-wal", b"-shm", b"-journal")


def values(found):
    """What counts about each path: type, content, who may execute."""
    return {path: (seen.type, seen.content,
                   seen.type == "file" and bool(seen.mode & 0o100))
            for path, seen in found.items()}


def actions_of(run):
    """What a plan or a run says, without times."""
    said = run.json
    return ([[COPY_STAMP.sub("", str(a.get(key))) for key in
              ("path", "op", "to", "reason", "type", "size", "from", "copy")]
             for a in said["actions"]],
            [(c["path"], c["kind"], c["resolution"])
             for c in said["conflicts"]])


class Laws:
    """The laws of one machine."""

    def __init__(self, world, policy, deletes):
        self.world, self.policy, self.deletes = world, policy, deletes
        self.agreed = {}      # path -> value both sides had after a run
        self.disputed = set() # paths on which they differed then
        self.kept = set()     # what whole snapshots hold
        self.known = set()    # their names

    # -- looking --

    def look(self):
        trees = self.world.trees()
        return values(trees[LOCAL]), values(trees[CLOUD])

    def glance(self):
        """All there is, but for the snapshots that were read before: whole
        ones stay as they are."""
        seen = self.world.glance(self.known)
        for path in seen.parts["state"]:
            if BACKUP.fullmatch(path):
                self.known.add(path)
        self.kept |= seen.kept()
        return seen

    # -- around a run --

    def before(self, plan):
        self.plan = plan
        trees = self.world.trees()
        self.local, self.cloud = values(trees[LOCAL]), values(trees[CLOUD])
        self.had = contents(trees[LOCAL]) | contents(trees[CLOUD])

    def nothing_lost(self):
        """At any moment, also when a run was cut short."""
        seen = self.glance()
        lost = self.had - self.kept - seen.holdings()
        hold(not lost, f"lost: {sorted(lost)[:3]}")
        return seen

    def after(self, command, run, disturbed):
        hold(run.code in (0, 2), f"a run ends with {run}")
        seen = self.nothing_lost()
        litter = seen.litter()
        hold(not litter, "\n".join(litter))
        local, cloud = values(seen.trees[LOCAL]), values(seen.trees[CLOUD])
        self.no_twins(local)
        if not disturbed:
            self.as_planned(run)
            self.one_sided(command, run, local, cloud)
            self.stands_still(run, local, cloud)
        self.is_quiet(command, run)
        self.remember(local, cloud)

    def no_twins(self, local):
        """No edit makes a content twice: two copies of one loser were bred.
        (Where deletions do not go over, a renamed copy has two names; what is
        copied whole takes along what nobody has touched.)"""
        if self.deletes == "never":
            return
        found = {}
        for path, value in sorted(local.items()):
            name = os.fsdecode(os.path.basename(path))
            if (COPY_STAMP.search(name) and ".db" not in name
                    and value[0] == "file"):
                other = found.setdefault(value[1], path)
                hold(other == path, f"bred: {other!r} and {path!r}")

    def remember(self, local, cloud):
        self.agreed, self.disputed = {}, set()
        for path in set(local) | set(cloud):
            if local.get(path) == cloud.get(path):
                self.agreed[path] = local[path]
            else:
                self.disputed.add(path)

    def as_planned(self, run):
        """The plan is what the next run does."""
        planned, done = actions_of(self.plan), actions_of(run)
        hold(planned == done, "planned and done differ:\n"
             f"{[a for a in planned[0] if a not in done[0]]}\n"
             f"{[a for a in done[0] if a not in planned[0]]}\n"
             f"{planned[1]}\n{done[1]}")

    def stands_still(self, run, local, cloud):
        """Under manual_abort a conflict means zero writes."""
        if self.policy != "manual_abort" or "--policy" in run.args:
            return
        if any(c["resolution"] is None and c["kind"] != "provider_copy"
               for c in run.json["conflicts"]):
            hold((local, cloud) == (self.local, self.cloud),
                 "written in spite of a conflict")

    def is_quiet(self, command, run):
        """What has just been done is not to be done again."""
        args = [a for a in run.args if a not in (command, "--apply")]
        plan = self.world.run(command, "--dry-run", *args)
        hold(plan.code in (0, 2), f"{plan}")
        if plan.code == 2 and self.policy == "manual_abort":
            return  # what is blocked is still to be done
        left = [(a["op"], a["path"], a["to"]) for a in plan.json["actions"]]
        hold(not left, f"not quiet: {left}")

    def forget(self):
        """What was agreed is no longer known."""
        self.agreed = {}
        self.local, self.cloud = self.look()
        self.disputed = set(self.local) | set(self.cloud)

    def rests(self, command, codes=(0,)):
        """Another run changes nothing, not even a time."""
        def listing():
            return [sorted((p, s.content, s.mtime) for p, s in
                           tree(part).items())
                    for part in (self.world.local, self.world.cloud,
                                 self.world.backups())]
        was = listing()
        run = self.world.run(*command, "--allow-deletes")
        hold(run.code in codes, f"after all was agreed: {run}{run.json}")
        hold(listing() == was, "a run with nothing to do did something: "
             f"{run.json['actions']}")

    def agrees(self, others):
        mine, cloud = self.look()
        for name, theirs in [("cloud", cloud)] + [
                (o.machine, o.laws.look()[0]) for o in others]:
            apart = [p for p in set(mine) | set(theirs)
                     if mine.get(p) != theirs.get(p)]
            hold(not apart, f"{self.world.machine} and {name} differ: "
                 + ", ".join(f"{p!r} {mine.get(p)} {theirs.get(p)}"
                             for p in sorted(apart)[:3]))

    # -- a change on one side --

    def one_sided(self, command, run, local, cloud):
        """A one-sided change goes over exactly."""
        if self.policy == "manual_abort" and run.code == 2:
            return
        for path in set(self.local) | set(self.cloud) | set(self.agreed):
            was = self.agreed.get(path)
            here, there = self.local.get(path), self.cloud.get(path)
            if here == there or (was != here and was != there):
                continue
            if self.is_entangled(path):
                continue
            new = there if here == was else here
            side = LOCAL if here == was else CLOUD
            if not self.may_go(command, side, new):
                continue
            hold(local.get(path) == new and cloud.get(path) == new,
                 f"{path!r} changed on one side only, from {was} to {new}, and "
                 f"is now {local.get(path)} and {cloud.get(path)}")

    def may_go(self, command, side, new):
        if command == "pull" and side == CLOUD:
            return False
        if command == "push" and side == LOCAL:
            return False
        return new is not None or self.deletes == "propagate"

    def is_entangled(self, path):
        """Decided together with other paths, or not settled last time."""
        parts = path.split(b"/")
        if b"grp" in parts or b".sync" in parts[-1]:  # or the client's own
            return True
        if any(end in parts[-1] for end in FAMILY) or b".db" in parts[-1]:
            return True
        for n in range(1, len(parts) + 1):
            above = b"/".join(parts[:n])
            if above in self.disputed:
                return True
            types = {side[above][0] for side in (self.local, self.cloud)
                     if above in side}
            if "dir" in types and len(types) > 1:
                return True
            if n == len(parts) and "dir" in types:
                return True
        return False
