"""Machines joined by a real cloud client."""

import os
import random
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "flow"))

import syncthing  # noqa: E402
from harness import main  # noqa: E402
from machines import MachinesTest  # noqa: E402
from readme import cell  # noqa: E402

SKIPPED = 77


class Real(MachinesTest):
    def join(self, *names, kbps=0):
        self.all = [self.machine(name, cloud=f"cloud-{name}")
                    for name in names]
        self.client = syncthing.Cloud(
            self.home, [m.cloud for m in self.all], kbps)
        self.addCleanup(self.client.stop)
        return self.all

    def pull_all_the_time(self, a, b, before, seconds):
        """Until one succeeds; returns how many were refused."""
        refused, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            run = self.coldsync("-c", b.config, "pull")
            self.assertIn(run.code, (0, 5), str(run))
            if run.code == 0 and b.tree() != before:
                break
            refused += run.code == 5
            self.assertEqual(b.tree(), before)
        self.assertEqual(b.tree(), a.tree())
        return refused

    def test_there_and_back(self):
        a, b = self.join("a", "b")
        for i in range(200):
            a.write(f"d{i % 7}/f{i}", f"content {i}")
        a.write("gone", "goes")
        code = a.json(0, "handoff")["code"]
        b(0, "receive", code, "--wait", "60")
        self.assertEqual(a.tree(), b.tree())
        b.write("d0/f0", "later")
        os.unlink(os.path.join(b.local, "gone"))
        os.rename(os.path.join(b.local, "d1"), os.path.join(b.local, "e"))
        code = b.json(0, "handoff")["code"]
        a(0, "receive", code, "--wait", "60")
        self.assertEqual(a.tree(), b.tree())
        self.assertNotIn("gone", a.tree())

    def test_at_every_moment_of_a_transfer(self):
        """Until all is here nothing changes; then everything does."""
        a, b = self.join("a", "b", kbps=1500)
        for i in range(12):
            a.write(f"f{i}", "old" * 100)
        a.sync()
        self.client.settle()
        b.sync()
        before = b.tree()
        for i in range(12):
            # No block of it is like another: each has to travel.
            a.write(f"f{i}", random.Random(i).randbytes(400000).hex())
        os.unlink(os.path.join(a.local, "f11"))
        a.sync()
        self.client.scan(0, 1)
        self.assertGreater(self.pull_all_the_time(a, b, before, 60), 0)

    def test_both_edited_while_apart(self):
        a, b = self.join("a", "b")
        a.write("p", "first")
        a.sync()
        self.client.settle()
        b.sync()
        self.client.settle()
        self.client.part()
        a.write("p", "by a")
        a.sync()
        time.sleep(1.1)
        b.write("p", "by b, later")
        b.sync()
        self.client.scan()
        self.client.join()
        self.client.settle()
        copies = [n for n in os.listdir(a.cloud) if "sync-conflict" in n]
        self.assertEqual(len(copies), 1)
        for _ in range(2):
            for machine in (a, b):
                machine.sync(2)
                self.client.settle()
        self.assertEqual(a.tree(), b.tree())
        document = a.json(2, "conflicts")
        self.assertEqual(document["conflicts"][0]["original"], "p")
        a(0, "resolve", copies[0], "--take", "local")
        self.client.settle()
        b.sync()
        self.assertFalse(os.path.exists(os.path.join(b.cloud, copies[0])))

    def test_one_was_away(self):
        a, b, c = self.join("a", "b", "c")
        a.write("p", "0")
        a.sync()
        self.client.settle()
        for machine in (b, c):
            machine.sync()
            self.client.settle()
        for i in range(1, 4):
            for machine in (a, b):
                machine.write("p", f"{machine.name}{i}")
                machine.write(f"{machine.name}{i}", "new")
                machine.sync()
                self.client.settle()
                (b if machine is a else a).sync()
                self.client.settle()
        c.sync()
        self.assertEqual(c.tree(), a.tree())


class Beside(MachinesTest):
    """What the README's table says of Syncthing alone, between two folders it
    keeps alike."""

    def says(self, row, text):
        self.assertEqual(cell(row, "Syncthing"), text)

    def put(self, name, text, at):
        """A file, modified *at* seconds after some day of 2026."""
        path = self.write(name, text)
        os.utime(path, (1767225600 + at, 1767225600 + at))

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def test_alone(self):
        self.says("no memory of the last sync, and both differ",
                  "conflict copy")
        self.put("a/x", "one", 0)
        self.put("b/x", "another", 100)
        for name in ("app.db", "app.db-wal"):
            self.put(f"a/{name}", "1", 0)
        client = syncthing.Cloud(self.home, [self.path("a"), self.path("b")])
        self.addCleanup(client.stop)
        self.assertEqual(
            {self.read(f"a/{name}") for name in os.listdir(self.path("a"))
             if name.startswith("x")}, {"one", "another"})

        self.says("waits until the application is closed", "no")
        self.says("holds back conflict copies of other tools", "no")
        self.says("databases with their logs as one unit", "no")
        copy = "x (desk's conflicted copy 2026-01-01)"
        with open(self.path("a", "app.db"), "rb") as file:
            child = subprocess.Popen(["sleep", "60"], stdin=file)
        try:
            client.part()
            self.put("a/app.db-wal", "333", 100)
            self.put("b/app.db", "22", 100)
            self.put("b/" + copy, "3", 100)
            client.join()
            client.settle()
        finally:
            child.kill()
            child.wait()
        self.assertEqual(self.read("a/app.db"), "22")
        self.assertEqual(self.read("b/app.db-wal"), "333")
        self.assertEqual(self.read("a/" + copy), "3")

        self.says("after a crash", "goes on")
        for one in client.all:
            one.process.kill()
            one.process.wait()
        self.put("a/later", "4", 200)
        for one in client.all:
            one.start(client.all, 0)
        client.until(client.connected)
        client.settle()
        self.assertEqual(self.read("b/later"), "4")


if __name__ == "__main__":
    if syncthing.missing() is not None:
        print(f"skipped: {syncthing.missing()}")
        sys.exit(SKIPPED)
    main()
