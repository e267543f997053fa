"""status: how things stand, on one screen, without touching anything."""

import os
import shutil
import subprocess
import unittest

from harness import POSIX, main
from machines import Machine
from mirror import MirrorTest


class Status(MirrorTest):
    def status(self, *args):
        document = self.expect(0, "status", "--json", *args).json()
        self.assertEqual(
            [key for key in document][7:11],
            ["paused", "app_running", "last_sync", "pending"])
        return document

    def assert_row(self, run, name, text):
        self.assertRegex(run.out, rf"(?m)^{name} +{text}", str(run))

    def test_a_new_profile(self):
        run = self.expect(0, "status")
        self.assert_row(run, "docs", "on testbox")
        self.assert_row(run, "application", "not running")
        self.assert_row(run, "last sync", "never")
        self.assert_row(run, "pending", "nothing to do")
        self.assert_row(run, "local folder", "~/local$")
        self.assert_row(run, "cloud folder", "~/cloud$")
        self.assert_row(run, "delivery", "no machine has published yet")
        self.assertNotIn("published by", run.out)
        self.assertNotIn("paused", run.out)
        self.assertNotIn("conflicts", run.out)
        self.assertLessEqual(run.out.count("\n"), 24)
        document = self.status()
        self.assertIs(document["paused"], False)
        self.assertEqual(document["app_running"], [])
        self.assertIsNone(document["last_sync"])
        self.assertEqual(document["pending"]["to_cloud"], 0)
        self.assertIsNone(document["trouble"])

    def test_pending(self):
        self.put("local", "a.txt", "a")
        self.sync()
        self.put("local", "b.txt", "bb")
        self.put("cloud", "c.txt", "c")
        self.put("cloud", "d.txt", "d")
        self.drop("local", "a.txt")
        run = self.expect(0, "status")
        self.assert_row(run, "pending", "1 file .* to the cloud")
        self.assert_row(run, "last sync", "just now")
        self.assertIn("'coldsync sync'", run.out)
        document = self.status()
        pending = document["pending"]
        self.assertEqual(
            (pending["to_cloud"], pending["to_local"],
             pending["delete_cloud"]), (1, 2, 1))
        self.assertRegex(document["last_sync"], r"^20\d\d-\d\d-\d\dT.*Z$")
        plan = self.document(0, "plan")
        self.assertEqual(plan["summary"], pending)

    def test_machines(self):
        """Each with its last word; and whether all of it has arrived."""
        self.put("local", "a.txt", "a")
        self.profile(verify="require")
        self.sync()
        run = self.expect(0, "status")
        self.assert_row(run, "delivery", "complete$")
        self.assert_row(
            run, "published by", r"testbox \(this one\), just now$")
        mate = Machine(self, "mate")
        mate.sync()
        mate.write("b.txt", "bb")
        mate.sync()
        run = self.expect(0, "status")
        self.assert_row(run, "delivery", "complete$")
        self.assertRegex(
            run.out, r"published by +mate's desk, just now \(newest\);\s+"
            r"testbox \(this one\), just now\n")
        self.drop("cloud", "b.txt")
        run = self.expect(0, "status")
        self.assert_row(
            run, "delivery", "not complete: 1 path is not as published$")
        self.assertIn("a sync would be refused", run.out)

    def test_conflicts(self):
        for at, side in enumerate(("local", "cloud")):
            self.put(side, "a.txt", side, at=at * 100)
        run = self.expect(0, "status")
        self.assert_row(run, "pending", "1 conflict")
        self.assert_row(run, "conflicts", "a.txt")
        self.assertIn("coldsync resolve", run.out)
        self.assertEqual(self.status()["pending"]["conflicts"], 1)

    def test_of_the_same_time(self):
        for side in ("local", "cloud"):
            self.put(side, "a.txt", side, at=1)
        run = self.expect(0, "status")
        self.assertIn("'coldsync plan' shows", run.out)

    def test_paused(self):
        self.put("local", "a.txt", "a")
        self.expect(0, "pause")
        run = self.expect(0, "status")
        self.assert_row(run, "paused", r"20\d\d-.* on testbox")
        self.assert_row(run, "pending", "1 file")
        document = self.status()
        self.assertIs(document["paused"], True)
        self.assertEqual(document["result"], "paused")
        self.assertEqual(document["pending"]["to_cloud"], 1)

    @unittest.skipUnless(POSIX, "open files of others are seen on POSIX")
    def test_app_running(self):
        """The rest is shown all the same."""
        path = self.put("local", "a.db", "a")
        with open(path, "rb") as file:
            child = subprocess.Popen(["sleep", "60"], stdin=file)
        try:
            run = self.expect(0, "status")
            document = self.status()
        finally:
            child.kill()
            child.wait()
        self.assert_row(run, "application", "sleep .*pid")
        self.assert_row(run, "pending", "1 file")
        self.assertIn("close the application", run.out)
        found = document["app_running"]
        self.assertEqual([list(p) for p in found], [["pid", "name", "why"]])
        self.assertEqual(found[0]["pid"], child.pid)
        self.assertIn("a.db", found[0]["why"])

    def test_app_running_by_name(self):
        if not POSIX:
            self.skipTest("needs a program to copy")
        program = self.path("cold-test-app")
        shutil.copy(shutil.which("sleep"), program)
        self.profile(extra=(
            "[process_detection]\nprocess_names = cold-test-app\n"))
        self.put("local", "a.txt", "a")
        child = subprocess.Popen([program, "60"])
        try:
            self.expect(3, "plan")
            document = self.status()
        finally:
            child.kill()
            child.wait()
        self.assertEqual(document["app_running"][0]["name"], "cold-test-app")
        self.assertEqual(document["pending"]["to_cloud"], 1)

    def test_no_cloud_folder(self):
        os.rmdir(self.cloud)
        run = self.expect(0, "status")
        self.assert_row(run, "pending", "not known: there is no cloud")
        self.assertIn("coldsync doctor", run.out)
        document = self.status()
        self.assertIsNone(document["pending"])
        self.assertIn("cloud", document["trouble"])

    def test_too_many_deletes(self):
        for i in range(20):
            self.put("local", f"{i}.txt", "x")
        self.sync()
        for i in range(20):
            self.drop("local", f"{i}.txt")
        run = self.expect(0, "status")
        self.assertIn("would be refused", run.out)
        self.assertEqual(self.status()["pending"]["delete_cloud"], 20)

    @unittest.skipUnless(POSIX, "fcntl is for POSIX systems")
    def test_another_run(self):
        import fcntl
        self.put("local", "a.txt", "a")
        self.sync()
        self.put("local", "b.txt", "b")
        with open(self.path("state/docs/lock"), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.lockf(file, fcntl.LOCK_EX)
            run = self.expect(0, "status")
        self.assert_row(run, "note", "another run is at work")
        self.assert_row(run, "pending", "1 file")

    def test_all_profiles(self):
        self.profile("other")
        document = self.expect(0, "status", "--all", "--json").json()
        self.assertEqual(
            [p["profile"] for p in document["profiles"]], ["docs", "other"])

    def test_bad_config(self):
        self.profile(extra="[sync]\ndirectoin = both\n")
        self.expect(4, "status")
        self.expect(4, "status", "--json")

    def test_quiet(self):
        run = self.expect(0, "-q", "status")
        self.assertEqual(run.out + run.err, "")

    @unittest.skipUnless(POSIX, "pseudo-terminals are for POSIX systems")
    def test_narrow(self):
        self.put("local", "a.txt", "a")
        for columns in (30, 40, 60):
            run = self.on_terminal("status", columns=columns)
            self.assertEqual(run.code, 0, str(run))
            for line in run.out.splitlines():
                self.assertLessEqual(len(line), columns, str(run))
        os.rmdir(self.path("cloud"))
        run = self.on_terminal("status", columns=40)
        self.assertRegex(run.out, r"\r?\na sync would be refused;\s+"
                         r"'coldsync\s+doctor'\s+says what to do")

    @unittest.skipUnless(POSIX, "such names are for POSIX systems")
    def test_hostile_names(self):
        for side in ("local", "cloud"):
            self.put(side, "\x1b[2J\n\x9b", side)
        run = self.expect(0, "status")
        self.assertNotIn("\x1b[2J", run.out)
        self.status()

    def test_changes_nothing(self):
        self.put("local", "a.txt", "a")
        self.sync()
        self.put("local", "b.txt", "b")
        before = self.times()
        self.expect(0, "status")
        self.status()
        self.assertEqual(self.times(), before)


if __name__ == "__main__":
    main()
