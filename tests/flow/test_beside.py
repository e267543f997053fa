"""What the README's table says of other tools, found out by running them.

Each row is a story played between two folders, once by each tool: a cell that
is not what happens here is a wrong cell. Syncthing's column is tried by
cloud/syncthing.
"""

import os
import shutil
import signal
import subprocess
import time
import unittest

from harness import main
from mirror import MirrorTest
from readme import cell


class Beside:
    """The stories; a tool's own class says how it syncs a and b."""

    def setUp(self):
        super().setUp()
        for name in ("a", "b"):
            self.make_dir(name)

    def environment(self, changes=None):
        return {**super().environment(changes), "PATH": os.environ["PATH"]}

    def run_tool(self, *more):
        return subprocess.run(
            [*self.command_line, *more], cwd=self.home, timeout=60,
            env=self.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)

    def says(self, row, text):
        self.assertEqual(cell(row, self.column), text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def begin(self, **files):
        """Both folders hold these, and the tool knows it."""
        self.put("a", "other", "so that no folder is ever empty")
        for name, text in files.items():
            self.put("a", name.replace("_", "."), text, at=0)
        first = self.run_tool(*self.first)
        self.assertEqual(first.returncode, 0, first.stderr)

    def again(self):
        run = self.run_tool()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_application(self):
        self.says("waits until the application is closed", "no")
        self.begin(x_db="1")
        with open(self.path("a", "x.db"), "rb") as file:
            child = subprocess.Popen(["sleep", "60"], stdin=file)
        try:
            self.put("b", "x.db", "22", at=100)
            self.again()
        finally:
            child.kill()
            child.wait()
        self.assertEqual(self.read("a/x.db"), "22")

    def test_cloud_folder(self):
        self.assertRegex(
            cell("works through the cloud folder you have", self.column),
            "^yes")
        self.begin(x="1")
        self.assertEqual(self.read("b/x"), "1")

    def test_half_delivered(self):
        self.says("notices that the cloud client has not finished",
                  "no: half a file replaced a good one")
        self.begin(x="all of it")
        self.put("b", "x", "all", at=100)
        self.again()
        self.assertEqual(self.read("a/x"), "all")

    def test_conflict_copies(self):
        self.says("holds back conflict copies of other tools", "no")
        copy = "x (desk's conflicted copy 2026-01-01)"
        self.begin(x="1")
        self.put("b", copy, "2")
        self.again()
        self.assertEqual(self.read("a/" + copy), "2")

    def test_databases(self):
        self.says("databases with their logs as one unit", "no")
        self.begin(**{"app_db": "1", "app_db-wal": "1"})
        self.put("a", "app.db", "22", at=100)
        self.put("b", "app.db-wal", "333", at=100)
        self.again()
        self.assertEqual(self.read("a/app.db") + self.read("b/app.db"), "2222")
        self.assertEqual(
            self.read("a/app.db-wal") + self.read("b/app.db-wal"), "333333")

    def kill(self):
        """A run, killed while it copies."""
        with open(self.path("a", "big"), "wb") as file:
            file.write(os.urandom(1 << 20) * 128)
        child = subprocess.Popen(
            self.command_line, cwd=self.home, env=self.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end and child.poll() is None and not any(
                "big" in name for name in os.listdir(self.path("b"))):
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        if child.wait() != -signal.SIGKILL:
            self.skipTest("it was done before it could be killed")

    def differ_unknown(self):
        """Both hold x, it differs, and nothing is known of before."""
        self.put("a", "x", "one", at=0)
        self.put("b", "x", "another", at=100)
        return self.run_tool(*self.first)


@unittest.skipUnless(shutil.which("unison"), "needs Unison")
class Unison(Beside, MirrorTest):
    column = "Unison"
    command_line = ["unison", "-batch", "-auto", "-silent", "-log=false",
                    "-fastcheck=false", "a", "b"]
    first = ()

    def test_no_memory(self):
        self.says("no memory of the last sync, and both differ", "conflict")
        self.assertEqual(self.differ_unknown().returncode, 1)
        self.assertEqual((self.read("a/x"), self.read("b/x")),
                         ("one", "another"))

    def test_crash(self):
        self.says("after a crash", "run it again")
        self.begin(x="1")
        self.kill()
        self.again()
        self.assertEqual(os.path.getsize(self.path("b", "big")), 128 << 20)


@unittest.skipUnless(shutil.which("rclone"), "needs rclone")
class Rclone(Beside, MirrorTest):
    column = "rclone bisync"
    command_line = ["rclone", "bisync", "a", "b"]
    first = ("--resync",)

    def test_no_memory(self):
        """Without --resync it does nothing; with it, the first folder wins,
        although the other's file is newer."""
        self.says("no memory of the last sync, and both differ",
                  "`--resync`: one folder wins")
        self.put("b", "x", "another", at=100)
        self.assertNotEqual(self.run_tool().returncode, 0)
        self.assertEqual(self.differ_unknown().returncode, 0)
        self.assertEqual((self.read("a/x"), self.read("b/x")), ("one", "one"))

    def test_crash(self):
        self.says("after a crash", "remove its lock by hand")
        self.begin(x="1")
        self.kill()
        run = self.run_tool()
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("lock file found", run.stderr)


if __name__ == "__main__":
    main()
