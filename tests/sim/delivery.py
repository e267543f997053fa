"""A cloud client that delivers in any order, in pieces, and sometimes badly.

Each machine has a cloud folder of its own; a simulated client carries every
change from each to all others, one file at a time, in an order a number draws:
through temporary names, empty and half-written files, with rounded times, and
once in a while it rolls a folder back. Machines sync at any moment. The laws:

- no local file is ever replaced or deleted but by what descends from it, or
  by an edit that did not know of it, and then the client keeps the loser
  beside the winner;
- a refused run changes nothing; one that is not loses no content: it is in a
  tree or a snapshot;
- once all is delivered no machine is refused, k machines agree within 2k + 1
  runs, and then nobody writes any more.

What the schedules met is counted and told; a number of them that never meets
one of these is no test.

    delivery.py SEED...       tell these, step by step
    delivery.py --seeds N     the first N, quietly
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "crash"))

import world  # noqa: E402
from client import COPY, Event, files, put  # noqa: E402
from teller import hold  # noqa: E402

CONFIG = """[identity]
machine_id = {name}
[paths]
local_state_dir = {home}/{name}/local
cloud_root_dir = {home}/{name}/cloud
state_dir = {home}/{name}/state
[sync]
durability = none
equal_mtime_action = manual_abort
atomic_groups = group/
[conflict]
policy = manual_skip
[process_detection]
match_open_files = no
[filters]
exclude_globs = {exclude}
"""
NAMES = ("a", "b", "d/c", "d/e", "x.skip", "group/one", "group/two")
# What a run of it can meet, each of them somewhere in a few dozen schedules.
MEETS = ("refused", "piece temp", "piece empty", "piece half", "piece zeros",
         "rounded times", "rolled back", "loser kept", "other filters",
         "sync before an edit of the same size has arrived",
         "sync before a deletion has arrived", "sync with several heads")


class Machine:
    def __init__(self, sim, name, exclude=""):
        self.sim, self.name = sim, name
        home = os.path.join(sim.home, name)
        self.local = os.path.join(home, "local")
        self.cloud = os.path.join(home, "cloud")
        os.makedirs(self.local)
        os.makedirs(self.cloud)
        self.config = os.path.join(home, f"{name}.ini")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(CONFIG.format(name=name, home=sim.home, exclude=exclude))
        self.known = {}    # path -> text the client has seen here
        self.versions = {} # path -> its version
        self.queue = {}    # path -> events, oldest first
        self.hidden = {}   # path -> what is really there, while in pieces
        self.past = []     # earlier states of the folder
        self.kept = {}     # snapshot -> what it holds

    def run(self, *args):
        done = world.run_program(
            [os.environ["COLDSYNC"], "-c", self.config, "--json",
             "sync", "--apply", "--allow-deletes", *args],
            {"PATH": os.environ["PATH"], "HOME": self.sim.home,
             "LC_ALL": "C.UTF-8",
             "XDG_STATE_HOME": os.path.join(self.sim.home, "xdg")},
            self.sim.home)
        hold(done.code in (0, 1, 2, 5), f"{self.name}: {done}")
        return done.code, done.json

    def holdings(self):
        """Every content that is in a tree or a snapshot of this machine."""
        backups = os.path.join(self.sim.home, self.name, "state", "backups")
        for name in os.listdir(backups) if os.path.isdir(backups) else ():
            if name not in self.kept:
                self.kept[name] = set(
                    files(os.path.join(backups, name)).values())
        return set().union(files(self.local).values(),
                           files(self.cloud).values(), *self.kept.values())

    def heads(self):
        """How many publications here none of the others has seen."""
        here = [text for path, text in self.known.items()
                if path.endswith(".manifest")]
        seen = set().union(*(self.sim.seen.get(t, ()) for t in here))
        return sum(t not in seen for t in here)

    def note_schedule(self):
        """Count what a sync meets that happens now."""
        meets = self.sim.meets
        meets["syncs"] += 1
        meets["other filters"] += self.name == "m2"
        meets["sync with several heads"] += self.heads() > 1
        late = [(self.known.get(path), queue[-1].text)
                for path, queue in self.queue.items() if queue]
        meets["sync before an edit of the same size has arrived"] += any(
            was is not None and text is not None and was != text
            and len(was) == len(text) for was, text in late)
        meets["sync before a deletion has arrived"] += any(
            was is not None and text is None for was, text in late)


class Sim:
    def __init__(self, seed, tell=None):
        self.dice = random.Random(seed)
        self.tell = tell or (lambda text: None)
        self.home = tempfile.mkdtemp(
            prefix="coldsync-", dir=world.quick_place())
        k = self.dice.choice((2, 2, 3, 3, 4))
        self.machines = [
            Machine(self, f"m{i}", "*.skip" if i == 2 else "")
            for i in range(k)]
        self.count = self.clock = 0
        self.parents = {}  # text -> what it was made from
        self.deleted = {}  # path -> texts that were deleted by somebody
        self.copies = set() # texts a client kept beside their winner
        self.owed = set()  # texts a client will have to keep like that
        self.junk = set()  # what a client wrote on the way
        self.seen = {}     # manifest -> the others its machine had before it
        self.meets = Counter()

    # -- people --

    def fresh(self, old):
        """New content; mostly as long as the old one."""
        self.count += 1
        text = f"v{self.count:06d}" + "x" * self.dice.choice((0, 0, 0, 5))
        self.parents[text] = old
        return text

    def edit(self, machine):
        dice, path = self.dice, self.dice.choice(NAMES)
        if path.endswith(".skip") and machine.name == "m2":
            return
        old = files(machine.local).get(path)
        if old is not None and dice.random() < 0.25:
            put(machine.local, path, None)
            self.deleted.setdefault(path, set()).add(old)
            self.tell(f"{machine.name}: delete {path} ({old})")
            return
        text = self.fresh(old)
        put(machine.local, path, text)
        self.tell(f"{machine.name}: write {path}: {old} -> {text}")

    # -- the law --

    def descends(self, text, ancestor):
        while text is not None:
            if text == ancestor:
                return True
            text = self.parents.get(text)
        return False

    def justified(self, path, was, now):
        if was in self.junk or was in self.copies:
            return True
        if now is not None and self.descends(now, was):
            return True
        if any(self.descends(text, was)
               for text in self.deleted.get(path, ())):
            return True
        # Two machines wrote it without knowing of each other. Where the one
        # whose version loses has not heard of it, it still has to keep it.
        if now is None or now not in self.parents or self.descends(was, now):
            return False
        self.owed.add(was)
        return True

    def unjust(self, machine, before):
        """The local paths that became what they should not have."""
        after = files(machine.local)
        return [f"{machine.name}: {path} was {was}, became {after.get(path)}"
                for path, was in before.items() if was != after.get(path)
                and not self.justified(path, was, after.get(path))]

    def sync(self, machine, *args, law=True):
        machine.note_schedule()
        before, cloud = files(machine.local), files(machine.cloud)
        code, document = machine.run(*args)
        self.tell(f"{machine.name}: sync {code} "
                  f"{document['message'] if code else ''}")
        if code == 5:
            self.meets["refused"] += 1
            hold(before == files(machine.local)
                 and cloud == files(machine.cloud),
                 f"{machine.name}: a refused run changed something")
        else:
            self.nothing_lost(machine, before, cloud)
        if law:
            unjust = self.unjust(machine, before)
            hold(not unjust, "; ".join(unjust))
        self.upload(machine)
        return code, document

    @staticmethod
    def nothing_lost(machine, *trees):
        had = {text for tree in trees for path, text in tree.items()
               if not path.startswith(".coldsync")}
        lost = had - machine.holdings()
        hold(not lost, f"{machine.name}: lost {sorted(lost)[:3]}")

    # -- the client --

    def upload(self, machine):
        """What changed in this folder goes to all others."""
        found = {p: t for p, t in files(machine.cloud).items()
                 if "~coldsync-" not in p and not p.endswith(".tmp")}
        for path in sorted(set(found) | set(machine.known)):
            text = found.get(path)
            if text == machine.known.get(path):
                continue
            self.clock += 1
            base = machine.versions.get(path)
            version = (self.clock, machine.name)
            if path.endswith(".manifest") and text is not None:
                others = {t for p, t in machine.known.items()
                          if p.endswith(".manifest")}
                self.seen[text] = others.union(
                    *(self.seen.get(t, ()) for t in others))
            machine.known[path] = text
            if text is None:
                del machine.known[path]
            machine.versions[path] = version
            for other in self.machines:
                if other is not machine:
                    other.queue.setdefault(path, []).append(
                        Event(path, text, version, base))
        machine.past.append(files(machine.cloud))

    def write(self, machine, path, text):
        mtime = None
        if text is not None and self.dice.random() < 0.7:
            mtime = 1_700_000_000 + 2 * self.clock
            self.meets["rounded times"] += 1
        put(machine.cloud, path, text, mtime)
        if text is None:
            machine.known.pop(path, None)
        else:
            machine.known[path] = text

    def pieces(self, machine, event):
        """Something of it is here, under its name or another one."""
        dice, path, text = self.dice, event.path, event.text
        how = dice.choice(("temp", "empty", "half", "zeros"))
        top, name = os.path.split(path)
        if path.startswith(".coldsync"):
            how = "temp"
        self.meets[f"piece {how}"] += 1
        if how == "temp":
            put(machine.cloud, os.path.join(top, f".syncthing.{name}.tmp"),
                text[:3])
            return
        part = {"empty": "", "half": text[:len(text) // 2],
                "zeros": "\0" * len(text)}[how]
        self.junk.add(part)
        put(machine.cloud, path, part)
        machine.known[path] = part

    def deliver(self, machine, whole=False):
        paths = sorted(p for p, q in machine.queue.items() if q)
        if not paths:
            return False
        path = self.dice.choice(paths)
        # What is said of the files may well be here before they are.
        words = [p for p in paths if p.endswith(".manifest")]
        if words and not whole and self.dice.random() < 0.5:
            path = self.dice.choice(words)
        event = machine.queue[path][0]
        current = machine.versions.get(path)
        wins = current is None or event.version > current
        if (wins and event.text is not None and not whole
                and self.dice.random() < 0.25
                and event.base == current):
            self.pieces(machine, event)
            self.tell(f"client {machine.name}: {path} in pieces")
            return True
        machine.queue[path].pop(0)
        top, name = os.path.split(path)
        put(machine.cloud, os.path.join(top, f".syncthing.{name}.tmp"), None)
        if not wins:
            return True
        mine = machine.known.get(path)
        machine.versions[path] = event.version
        if (event.base != current and mine is not None
                and mine != event.text and mine not in self.junk
                and not path.startswith(".coldsync")
                and current is not None and current[1] == machine.name):
            self.keep_loser(machine, path, mine)
        self.write(machine, path, event.text)
        self.tell(f"client {machine.name}: {path} = {str(event.text)[:12]!r}")
        return True

    def keep_loser(self, machine, path, text):
        """As Syncthing does: the loser stays beside the winner."""
        self.copies.add(text)
        self.meets["loser kept"] += 1
        self.tell(f"client {machine.name}: loser of {path} kept ({text})")
        if not os.path.exists(os.path.join(machine.cloud, path + COPY)):
            put(machine.cloud, path + COPY, text)
            self.upload(machine)

    def roll_back(self, machine):
        """The folder as it once was; later as it is."""
        if not machine.past:
            return
        now, past = files(machine.cloud), self.dice.choice(machine.past)
        self.tell(f"client {machine.name}: rolls back")
        self.become(machine, past)
        self.meets["rolled back"] += 1
        local = files(machine.local)
        code, _ = machine.run()
        self.tell(f"{machine.name}: sync in the past: {code}")
        unjust = self.unjust(machine, local)
        hold(not unjust, f"by a rolled-back folder: {'; '.join(unjust)}")
        # The client finds its way back; what the run did stays done.
        after = files(machine.cloud)
        for path in set(past) | set(after):
            if past.get(path) != after.get(path):
                lost = now.pop(path, None)
                if lost is not None and lost != past.get(path) \
                        and not path.startswith(".coldsync"):
                    self.copies.add(lost)
                    now[path + COPY] = lost
                if path in after:
                    now[path] = after[path]
        self.become(machine, now)
        self.upload(machine)

    @staticmethod
    def become(machine, want):
        for path in set(files(machine.cloud)) - set(want):
            put(machine.cloud, path, None)
        for path, text in want.items():
            if files(machine.cloud).get(path) != text:
                put(machine.cloud, path, text)

    # -- the story --

    def settle(self):
        for machine in self.machines:
            while self.deliver(machine, whole=True):
                pass
        if any(q for m in self.machines for q in m.queue.values()):
            self.settle()

    def agree(self):
        k = len(self.machines)
        self.tell("all is delivered from now on")
        self.settle()
        for i in range(2 * k + 1):
            machine = self.machines[i % k]
            code, document = self.sync(
                machine, "--policy", "keep_both", law=False)
            if code == 5 and "not of the same machine" in document["message"]:
                # Two machines wrote one group, and the client put both
                # halves together: that is for a person to look at.
                code, document = self.sync(machine, "--accept-cloud",
                                           "--policy", "keep_both", law=False)
            hold(code in (0, 2), f"{machine.name} is refused though all is "
                 f"here: {document['message']}")
            self.settle()
        for machine in self.machines:
            was = files(machine.cloud)
            self.sync(machine, "--policy", "keep_both", law=False)
            hold(files(machine.cloud) == was, f"{machine.name} is not quiet")
            self.same(machine)
        lost = self.owed - self.copies - set().union(
            *(m.holdings() for m in self.machines))
        hold(not lost, f"no client kept {sorted(lost)}")

    def same(self, machine):
        def plain(found, skip):
            return {p: t for p, t in found.items()
                    if not p.startswith(".coldsync") and COPY not in p
                    and not (skip and p.endswith(".skip"))}
        skip = machine.name == "m2"
        first = plain(files(self.machines[0].cloud), skip)
        hold(plain(files(machine.cloud), skip) == first,
             "the clients' folders differ")
        hold(plain(files(machine.local), skip) == first,
             f"{machine.name} differs: {plain(files(machine.local), skip)} "
             f"{first}")

    def story(self):
        dice = self.dice
        for machine in self.machines:
            if dice.random() < 0.7:
                self.edit(machine)
                self.sync(machine)
                if dice.random() < 0.8:
                    self.settle()
        for _ in range(dice.randint(8, 30)):
            machine = dice.choice(self.machines)
            what = dice.random()
            if what < 0.2:
                self.edit(machine)
                if dice.random() < 0.5:
                    self.sync(machine)
            elif what < 0.4:
                self.sync(machine)
            elif what < 0.45 and machine.known:
                self.roll_back(machine)
            elif what < 0.5:
                self.settle()
            else:
                for _ in range(dice.randint(1, 4)):
                    self.deliver(machine)
        self.agree()


def play(seed, tell=None):
    """Returns what went wrong, or nothing, and what the schedule met."""
    sim = Sim(seed, tell)
    try:
        sim.story()
    except AssertionError as broken:
        return str(broken), sim.meets
    except Exception as trouble:
        return f"{type(trouble).__name__}: {trouble}", sim.meets
    finally:
        shutil.rmtree(sim.home, ignore_errors=True)
    return "", sim.meets


def play_all(first, count, jobs):
    """Returns how many went wrong, or never met what they should."""
    bad, met = 0, Counter()
    seeds = range(first, first + count)
    with ProcessPoolExecutor(jobs) as pool:
        for seed, (fault, meets) in zip(
                seeds, pool.map(play, seeds, chunksize=4)):
            met.update(meets)
            if fault:
                bad += 1
                print(f"seed {seed}: {fault[:300]}", flush=True)
    print(f"{count} schedules, {bad} went wrong; {met.pop('syncs', 0)} syncs")
    for what in MEETS:
        print(f"  {met[what]:7} {what}")
    never = [what for what in MEETS if met[what] == 0]
    if count >= 100 and never:
        print(f"never met: {', '.join(never)}")
        return bad + 1
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seed", nargs="*", type=int)
    parser.add_argument("--seeds", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    bad = 0
    for seed in options.seed:
        fault, _ = play(seed, print)
        bad += bool(fault)
        print(fault or f"seed {seed}: all is well")
    if options.seeds:
        bad += play_all(options.first, options.seeds, options.jobs)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
