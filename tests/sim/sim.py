"""Machines, a cloud folder, people: a whole story from one number.

A seed draws the machines' policies, what is edited where, who syncs when, and
who dies or is refused a system call in the middle. After every run the laws
must hold; in the end all machines must agree and then keep quiet. What was
drawn is a list of steps: the same steps are the same story again.

In some stories all machines see one folder; in others each has its own, and a
cloud client (client.py) carries files between them late, in pieces, in any
order, and sometimes rolls a folder back.

    sim.py SEED...       tell these, step by step
    sim.py --seeds N     the first N, quietly; what goes wrong is cut down to
                         the steps that matter, and kept with --keep DIR
    sim.py --told FILE...  tell what was kept
"""

import os
import random
import shutil
import sys
import tempfile
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "crash"))

import edits   # noqa: E402
import shrink  # noqa: E402
import strace  # noqa: E402
import world   # noqa: E402
from client import Client, Network, files  # noqa: E402
from laws import Laws  # noqa: E402
from served import Fault  # noqa: E402
from teller import Source, attempt, hold, parser_for, tell_all  # noqa: E402

POLICIES = ("keep_both", "prefer_local", "prefer_cloud", "prefer_newer_mtime",
            "manual_skip", "manual_abort")
# A call that may be met, and how many of them a small run makes.
CALLS = {"renameat2": 24, "openat": 60, "write": 20, "fsync": 20,
         "unlinkat": 12, "mkdirat": 4, "utimensat": 12, "syncfs": 3,
         "renameat": 12, "fchmod": 12, "ftruncate": 6, "symlinkat": 2}
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EACCES", "EROFS", "EMFILE", "EINTR",
          "EXDEV", "EINVAL", "ENOSYS")
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
FINAL = ["sync", "--apply", "--policy", "keep_both"]


# ---- what a story is ----

def draw(seed):
    """The story of a number: machines, and steps."""
    dice = random.Random(seed)
    delivered = dice.random() < 0.4
    deletes = dice.choices(("propagate", "never"), (9, 1))[0]
    if delivered:
        deletes = "propagate"
    machines = [{
        "policy": dice.choice(POLICIES), "deletes": deletes,
        "compare": dice.choices(("mtime_hash_fallback", "hash"), (4, 1))[0],
        "compression": dice.choices(("none", "zip"), (3, 1))[0],
    } for _ in range(dice.choice((2, 2, 3)))]
    steps = []
    for _ in range(dice.randint(4, 9)):
        for _ in range(dice.choice((0, 1, 1, 2))):
            # -1: in the cloud
            where = dice.randrange(0 if delivered else -1, len(machines))
            steps += [{"edit": draw_edit(dice, delivered), "at": where,
                       "dice": dice.randrange(1 << 30)}
                      for _ in range(dice.randint(1, 4))]
        steps.append(draw_run(dice, len(machines)))
        if delivered:
            steps += draw_delivery(dice, len(machines))
    return {"delivered": delivered, "machines": machines, "steps": steps}


def draw_edit(dice, delivered):
    """The client carries no links and no permissions."""
    while True:
        edit = edits.draw(dice)
        if not delivered or edit not in ("link", "set_exec"):
            return edit


def draw_delivery(dice, k):
    steps = [{"deliver": dice.randint(1, 5), "at": dice.randrange(k),
              "dice": dice.randrange(1 << 30)}
             for _ in range(dice.randint(1, 2))]
    if dice.random() < 0.1:
        steps.append({"roll_back": True, "at": dice.randrange(k),
                      "dice": dice.randrange(1 << 30)})
    return steps


def draw_run(dice, k):
    command = dice.choices((["sync", "--apply"], ["pull"], ["push"]),
                           (6, 1, 1))[0]
    step = {"run": command, "at": dice.randrange(k)}
    what = dice.random()
    if what < 0.2:
        step["faults"] = [draw_fault(dice, "kill")
                          for _ in range(dice.choice((1, 1, 2, 3)))]
    elif what < 0.4:
        step["faults"] = [draw_fault(dice, dice.choice(ERRORS))]
    return step


def draw_fault(dice, what):
    name = dice.choice(list(CALLS))
    n = dice.randint(1, CALLS[name])
    forever = what != "kill" and dice.random() < 0.3
    return [name, what, n, 0 if forever else n]


# ---- telling it ----

class Story:
    """Machines around one folder, and what becomes of them."""

    def __init__(self, story, tell=None):
        self.steps = story["steps"]
        self.tell = tell or (lambda text: None)
        self.source = Source()
        self.happened = Counter()
        self.home = tempfile.mkdtemp(prefix="coldsync-",
                                     dir=world.quick_place())
        self.delivered = story.get("delivered", False)
        self.cloud = os.path.join(self.home, "cloud")
        self.deletes = story["machines"][0]["deletes"]
        self.machines = [self.machine(f"m{i + 1}", settings)
                         for i, settings in enumerate(story["machines"])]
        self.network = Network([m.client for m in self.machines], self.tell)

    def machine(self, name, settings):
        home = os.path.join(self.home, name)
        os.mkdir(home)
        made = world.World(CONFIG.format(**settings), machine=name, home=home,
                           cloud=None if self.delivered else self.cloud,
                           verify="require" if self.delivered else "off")
        made.client = Client(name, made.cloud)
        made.laws = Laws(made, settings["policy"], self.deletes)
        self.tell(f"{name}: {settings}")
        return made

    def play(self):
        for step in self.steps:
            self.tell_step(step)
        if self.delivered:
            self.agree_apart()
        else:
            self.agree()

    def tell_step(self, step):
        machine = self.machines[step["at"]]
        dice = random.Random(step.get("dice"))
        if "edit" in step:
            self.edit(step)
        elif "run" in step:
            self.run(machine, step["run"], step.get("faults", ()))
        elif "deliver" in step:
            for _ in range(step["deliver"]):
                self.network.deliver(machine.client, dice)
        else:
            self.network.roll_back(machine.client, dice,
                                   lambda: self.in_the_past(machine))

    def edit(self, step):
        at = step["at"]
        root = self.cloud if at < 0 else self.machines[at].local
        dice = random.Random(step["dice"])
        getattr(edits.Editor(self.source, dice, root), step["edit"])()
        self.tell(f"edit {os.path.relpath(root, self.home)}: {step['edit']}")

    def run(self, machine, command, faults=()):
        """One run of one machine, perhaps cut short; the laws must hold."""
        self.happened["runs"] += 1
        laws = machine.laws
        laws.before(machine.run(command[0], "--dry-run", "--allow-deletes",
                                *command[2:]))
        if self.delivered and laws.plan.code == 5:
            self.refused(machine, command)
            return
        for fault in faults:
            self.disturb(machine, command, Fault(*fault))
        last = machine.run(*command, "--allow-deletes")
        self.tell(f"{machine.machine}: {' '.join(command)}: exit {last.code}")
        laws.after(command[0], last, bool(faults))
        if self.delivered:
            self.network.upload(machine.client)

    def refused(self, machine, command):
        """What a plan refuses the run refuses, and nothing happens."""
        self.happened["refused"] += 1
        laws = machine.laws
        run = machine.run(*command, "--allow-deletes")
        self.tell(f"{machine.machine}: {' '.join(command)}: refused")
        hold(run.code == 5, f"a plan is refused, and then {run}")
        hold(laws.look() == (laws.local, laws.cloud),
             f"{machine.machine}: a refused run changed something")

    def in_the_past(self, machine):
        """A sync of a folder that was rolled back: nothing is lost of what is
        there."""
        self.happened["rolled back"] += 1
        machine.laws.before(None)
        run = machine.run("sync", "--apply", "--allow-deletes")
        self.tell(f"{machine.machine}: in the past: exit {run.code}")
        hold(run.code in (0, 1, 2, 5), f"in the past: {run}")
        machine.laws.nothing_lost()
        machine.laws.forget()

    def disturb(self, machine, command, fault):
        """A run that meets a fault, or ends before it could. Wherever it
        ends, nothing is lost."""
        run = machine.run(*command, "--allow-deletes", before=[fault])
        self.tell(f"{machine.machine}: {fault}: exit {run.code}")
        if run.code < 0:
            self.happened["killed"] += 1
        elif run.code not in (0, 2):
            self.happened["failed"] += 1
        if run.code not in (-9, 0, 1, 2, 4, 5):  # 4: it met the config
            raise AssertionError(f"{fault} ends with {run}")
        machine.laws.nothing_lost()

    def agree(self):
        """No more edits: k machines agree within 2k + 1 runs, then rest."""
        k = len(self.machines)
        for i in range(2 * k + 1):
            self.run(self.machines[i % k], FINAL)
        for machine in self.machines:
            machine.laws.rests(FINAL)
        if self.deletes == "propagate":
            self.machines[0].laws.agrees(self.machines[1:])

    def agree_apart(self):
        """The same with a client between them, which brings everything."""
        k, dice = len(self.machines), random.Random(0)
        self.network.settle(dice)
        for i in range(2 * k + 1):
            machine = self.machines[i % k]
            plan = machine.run("plan", "--policy", "keep_both")
            # One made a folder where the other has a file, and the clients
            # have put both aside; or two wrote one group, and the client put
            # both halves together: that is for a person to look at.
            if self.network.made_room:
                return
            mixed = b"not of the same machine" in plan.err
            self.run(machine, FINAL + ["--accept-cloud"] if mixed else FINAL)
            hold(machine.laws.plan.code != 5, f"{machine.machine} is refused "
                 f"though all is here: {machine.laws.plan}")
            self.network.settle(dice)
        if self.network.made_room:
            return
        for machine in self.machines:
            machine.laws.rests(FINAL, (0, 2))
        self.same_files()

    def same_files(self):
        found = [{path: text for path, text in files(machine.local).items()}
                 for machine in self.machines]
        for machine, mine in zip(self.machines, found):
            apart = [path for path in set(mine) | set(found[0])
                     if mine.get(path) != found[0].get(path)]
            hold(not apart, f"{machine.machine} and m1 differ: "
                 f"{sorted(apart)[:4]}")

    def close(self):
        shutil.rmtree(self.home, onerror=world.make_removable)


def tell_story(story, tell=None):
    return attempt(Story(story, tell))


def play(seed, tell=None):
    return tell_story(draw(seed), tell)


def main():
    parser = parser_for(__doc__)
    parser.add_argument("--keep", metavar="DIR")
    parser.add_argument("--told", nargs="+", default=[], metavar="FILE")
    options = parser.parse_args()
    reason = strace.missing()
    if reason is not None:
        print(f"skipped: {reason}")
        return 77
    bad = shrink.replay(options.told, tell_story)
    bad += tell_all(options, play, lambda seed: shrink.keep(
        draw(seed), tell_story, options.keep, f"seed-{seed}"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
