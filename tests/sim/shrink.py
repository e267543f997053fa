"""A story that goes wrong, cut down to what it takes.

Steps are left out, first many at once, then one by one, for as long as the rest
still goes wrong in the same way; then faults and settings. What is left is a
file of its own: a fixture, told again by every run of the tests.
"""

import json
import os
import re
import time

PLAIN = {"policy": "keep_both", "compare": "mtime_hash_fallback",
         "compression": "none"}
SECONDS = 120  # at most, for one story


def kind_of(lines):
    """What is wrong, without names, numbers and contents."""
    return re.sub(r"b?'[^']*'|\"[^\"]*\"|\d+", "", lines[0])[:30]


class Shrinker:
    """Tries smaller stories; remembers the smallest that is still wrong."""

    def __init__(self, story, tell):
        self.story, self.tell = story, tell
        self.kind = kind_of(tell(story)[0] or ["nothing"])
        self.end = time.monotonic() + SECONDS

    def still(self, story):
        """Is this one wrong in the same way? Then it is the one to go on
        with."""
        if time.monotonic() > self.end:
            return False
        lines, _ = self.tell(story)
        if not lines or kind_of(lines) != self.kind:
            return False
        self.story = story
        return True

    def steps(self):
        """Delta debugging: without a part of n, with ever smaller parts."""
        size = max(1, len(self.story["steps"]) // 2)
        while True:
            at = 0
            while at < len(self.story["steps"]):
                steps = self.story["steps"]
                if not self.still({**self.story,
                                   "steps": steps[:at] + steps[at + size:]}):
                    at += size
            if size == 1:
                return
            size //= 2

    def faults(self):
        for i, step in enumerate(self.story["steps"]):
            if "faults" in step:
                bare = {k: v for k, v in step.items() if k != "faults"}
                steps = list(self.story["steps"])
                steps[i] = bare
                self.still({**self.story, "steps": steps})

    def settings(self):
        for i in range(len(self.story["machines"])):
            for key, value in PLAIN.items():
                machines = [dict(m) for m in self.story["machines"]]
                if machines[i][key] != value:
                    machines[i][key] = value
                    self.still({**self.story, "machines": machines})

    def machines(self):
        """The last one, when no step needs it."""
        while len(self.story["machines"]) > 1:
            k = len(self.story["machines"]) - 1
            if any(step["at"] == k for step in self.story["steps"]):
                return
            if not self.still({**self.story,
                               "machines": self.story["machines"][:k]}):
                return

    def all(self):
        self.steps()
        self.faults()
        self.settings()
        self.steps()
        self.machines()
        return self.story


def keep(story, tell, directory, name):
    """Cut it down; say it, and write it where that was asked for."""
    text = dump(Shrinker(story, tell).all())
    print(text, end="", flush=True)
    if directory:
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, name + ".json"), "w",
                  encoding="utf-8") as file:
            file.write(text)


def dump(story):
    """As JSON, a machine or a step a line."""
    def lines(items):
        return ",\n    ".join(json.dumps(item) for item in items)
    rest = {k: v for k, v in story.items() if k not in ("machines", "steps")}
    head = "".join(f'  "{k}": {json.dumps(v)},\n' for k, v in rest.items())
    return (f'{{\n{head}  "machines": [\n    {lines(story["machines"])}\n  ],\n'
            f'  "steps": [\n    {lines(story["steps"])}\n  ]\n}}\n')


def replay(files, tell):
    """Tell what was kept; how many of them go wrong."""
    bad = 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            lines, _ = tell(json.load(file))
        if lines:
            bad += 1
            print(f"{os.path.basename(name)}: " + "\n    ".join(lines[:6]))
    if files:
        print(f"{len(files)} kept stories, {bad} went wrong")
    return bad
