"""Machines, a cloud folder, people: a whole story from one number.

A seed draws the machines' policies, what is edited where, who syncs when, and
who dies or is refused a system call in the middle. After every run the laws
must hold; in the end all machines must agree and then keep quiet. What was
drawn is a list of steps: the same steps are the same story again.

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
from laws import Laws  # noqa: E402
from served import Fault  # noqa: E402
from teller import Source, attempt, parser_for, tell_all  # noqa: E402

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
    deletes = dice.choices(("propagate", "never"), (9, 1))[0]
    machines = [{
        "policy": dice.choice(POLICIES), "deletes": deletes,
        "compare": dice.choices(("mtime_hash_fallback", "hash"), (4, 1))[0],
        "compression": dice.choices(("none", "zip"), (3, 1))[0],
    } for _ in range(dice.choice((2, 2, 3)))]
    steps = []
    for _ in range(dice.randint(4, 9)):
        for _ in range(dice.choice((0, 1, 1, 2))):
            where = dice.randrange(-1, len(machines))  # -1: in the cloud
            steps += [{"edit": edits.draw(dice), "at": where,
                       "dice": dice.randrange(1 << 30)}
                      for _ in range(dice.randint(1, 4))]
        steps.append(draw_run(dice, len(machines)))
    return {"machines": machines, "steps": steps}


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
        self.cloud = os.path.join(self.home, "cloud")
        self.deletes = story["machines"][0]["deletes"]
        self.machines = [self.machine(f"m{i + 1}", settings)
                         for i, settings in enumerate(story["machines"])]

    def machine(self, name, settings):
        home = os.path.join(self.home, name)
        os.mkdir(home)
        made = world.World(CONFIG.format(**settings), machine=name, home=home,
                           cloud=self.cloud)
        made.laws = Laws(made, settings["policy"], self.deletes)
        self.tell(f"{name}: {settings}")
        return made

    def play(self):
        for step in self.steps:
            if "edit" in step:
                self.edit(step)
            else:
                self.run(self.machines[step["at"]], step["run"],
                         step.get("faults", ()))
        self.agree()

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
        for fault in faults:
            self.disturb(machine, command, Fault(*fault))
        last = machine.run(*command, "--allow-deletes")
        self.tell(f"{machine.machine}: {' '.join(command)}: exit {last.code}")
        laws.after(command[0], last, bool(faults))

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
