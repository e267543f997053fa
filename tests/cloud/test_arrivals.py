"""A pull at every moment of what a real cloud client once did.

tests/fixtures/arrivals holds recordings (arrivals.py). Until the last of a
change is here nothing is pulled; then all of it is.
"""

import os
import shutil
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "flow"))

import arrivals  # noqa: E402
from harness import main  # noqa: E402
from machines import MachinesTest  # noqa: E402

FIXTURES = os.path.join(HERE, "..", "fixtures", "arrivals")


def recording(name):
    with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split(" ", 1) for line in file]


class Replay(MachinesTest):
    def setUp(self):
        super().setUp()
        self.a = self.machine("a", cloud="cloud-a")
        self.b = self.machine("b", cloud="cloud-b")
        for name, text in arrivals.BEFORE.items():
            self.a.write(name, text)
        self.a.sync()
        self.carry(self.a, self.b)
        self.b.sync()
        self.carry(self.b, self.a)
        arrivals.change(self.a)
        self.a.sync()

    @staticmethod
    def carry(source, target):
        shutil.copytree(source.cloud, target.cloud, dirs_exist_ok=True)

    def arrive(self, what, path):
        """One event of the recording, in b's folder."""
        top, name = os.path.split(path)
        target = os.path.join(self.b.cloud, path)
        temp = os.path.join(self.b.cloud, top, f".syncthing.{name}.tmp")
        if what == "gone":
            if os.path.exists(target):
                os.unlink(target)
            return
        source = os.path.join(self.a.cloud, path)
        if what == "begin":
            with open(source, "rb") as file, open(temp, "wb") as part:
                part.write(file.read(100))
            return
        shutil.copy2(source, temp)
        os.replace(temp, target)

    def play(self, lines):
        """Returns after how many of them the pull was complete."""
        before, refused = self.b.tree(), 0
        for i, (what, path) in enumerate(lines):
            self.arrive(what, path)
            run = self.coldsync("-c", self.b.config, "pull")
            if run.code == 0:
                self.assertEqual(self.b.tree(), self.a.tree(),
                                 f"after {what} {path}")
                self.assertEqual(refused, i)
                return i + 1
            self.assertEqual(run.code, 5, str(run))
            self.assertEqual(self.b.tree(), before, f"after {what} {path}")
            refused += 1
        self.fail(f"all is here, and the pull is refused: {run}")

    def test_every_prefix(self):
        lines = recording("syncthing.txt")
        self.assertEqual(self.play(lines), len(lines))

    def test_without_what_shows_a_transfer(self):
        """A client that has no names of its own for half a file."""
        lines = [line for line in recording("syncthing.txt")
                 if line[0] != "begin"]
        self.assertEqual(self.play(lines), len(lines))

    def test_backwards(self):
        """No client does, but none promises not to."""
        last = {}
        for what, path in recording("syncthing.txt"):
            last[path] = what
        self.assertEqual(
            self.play([(w, p) for p, w in reversed(last.items())]),
            len(last))


if __name__ == "__main__":
    main()
