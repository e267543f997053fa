"""plan: what would be done is shown, and nothing is touched."""

import os
import shutil
import subprocess
import unittest

from harness import POSIX, FlowTest, main, native
from mirror import EPOCH, MirrorTest


class Plan(MirrorTest):
    def test_nothing_anywhere(self):
        run = self.expect(0, "plan")
        self.assertEqual(run.out, "nothing to do\n")
        self.assertEqual(run.err, "")

    def test_touches_nothing(self):
        self.put("local", "a", "1")
        self.put("cloud", "b/c", "2")
        before = self.times()
        self.expect(0, "plan")
        self.expect(0, "plan", "--json")
        self.assertEqual(self.times(), before)
        self.sync()
        self.put("local", "a", "changed")
        before = self.times()
        self.expect(0, "plan")
        self.expect(0, "sync", "--dry-run")
        self.assertEqual(self.times(), before)

    def test_as_text(self):
        self.put("local", "a", "12345")
        self.put("local", "d/e", "1")
        self.put("cloud", "b", "12")
        run = self.expect(0, "plan")
        self.assertEqual(run.out, (
            "To the cloud folder\n"
            "  make  d/        new\n"
            "  copy  a    5 B  new\n"
            "  copy  d/e  1 B  new\n"
            "\n"
            "To the local folder\n"
            "  copy  b  2 B  new\n"
            "\n"
            "2 files and 1 folder (6 B) to the cloud, 1 file (2 B) to the "
            "local folder\n"))

    def test_as_json(self):
        self.put("local", "a", "12345")
        self.put("cloud", "d/b", "12")
        document = self.document(0, "plan")
        self.assertEqual(document["message"],
                         "1 file (5 B) to the cloud, 1 file and 1 folder "
                         "(2 B) to the local folder")
        self.assertIsNone(document["run_id"])
        self.assertIsNone(document["snapshot"])
        self.assertIs(document["applied"], False)
        self.assertEqual(document["summary"], {
            "in_sync": 0, "to_local": 2, "to_cloud": 1, "delete_local": 0,
            "delete_cloud": 0, "merged": 0, "conflicts": 0, "skipped": 0,
            "failed": 0, "bytes_to_local": 2, "bytes_to_cloud": 5})
        self.assertEqual(
            {"path": "a", "op": "copy", "to": "cloud", "reason": "new",
             "type": "file", "size": 5, "status": "planned", "error": None},
            document["actions"][[a["path"] for a in
                                 document["actions"]].index("a")])
        self.assertEqual({a["status"] for a in document["actions"]},
                         {"planned"})

    def test_equals_what_is_done(self):
        for name in ("same", "local", "cloud", "gone"):
            self.put("local", name, name)
        self.sync()
        self.put("local", "local", "new content")
        self.put("cloud", "cloud", "new content")
        self.drop("local", "gone")
        self.put("local", "brand/new", "!")
        planned = self.document(0, "plan")
        done = self.sync()
        self.assertEqual(planned["summary"], done["summary"])
        self.assertEqual(planned["summary"]["in_sync"], 1)
        for action in planned["actions"]:
            action["status"] = "done"
        self.assertEqual(planned["actions"], done["actions"])
        self.assert_quiet()

    def test_what_is_in_sync(self):
        self.put("local", "d/a", "1")
        self.put("local", "d/b", "1")
        self.put("local", "c", "1")
        self.sync()
        self.assertEqual(self.document(0, "plan")["summary"]["in_sync"], 4)
        self.put("local", "c", "2")
        self.drop("local", "d/a")
        self.assertEqual(self.document(0, "plan")["summary"]["in_sync"], 2)

    def test_alike_already(self):
        self.put("local", "a", "1")
        self.put("cloud", "a", "1")
        run = self.expect(0, "plan")
        self.assertIn("both sides are alike (1 item to remember)", run.out)
        self.assertIn("1 item remembered", self.expect(0, "sync", "-y").out)
        self.assertEqual(self.expect(0, "plan").out, "nothing to do\n")

    def test_long_lists_are_folded(self):
        for i in range(25):
            self.put("local", f"file{i:02}", "x")
        run = self.expect(0, "plan")
        self.assertIn("… and 15 more (-v shows all)", run.out)
        self.assertNotIn("file24", run.out)
        run = self.expect(0, "plan", "-v")
        self.assertNotIn("more", run.out)
        self.assertIn("file24", run.out)
        self.assertEqual(len(self.document(0, "plan")["actions"]), 25)

    def test_quiet(self):
        self.put("local", "a", "1")
        run = self.expect(0, "plan", "-q")
        self.assertEqual(run.out + run.err, "")

    def test_one_direction(self):
        self.put("local", "a", "1")
        self.put("cloud", "b", "1")
        document = self.document(0, "plan", "--direction", "to_local")
        self.assertEqual([a["path"] for a in document["actions"]], ["b"])
        self.assertEqual(document["skipped"], [
            {"path": "a", "side": "local", "reason": "direction"}])
        self.expect(4, "plan", "--direction", "sideways")

    def test_conflicts(self):
        self.put("local", "a", "mine", at=10)
        self.put("cloud", "a", "four", at=20)
        self.put("local", "b", "1")
        run = self.expect(2, "plan")
        self.assertIn("  a: new on both sides, and not alike\n", run.out)
        self.assertIn("    local  4 B, 20", run.out)
        self.assertIn("(newer)", run.out)
        self.assertIn("coldsync resolve", run.err)
        self.assertIn("nothing is done", run.err)
        document = self.document(2, "plan")
        self.assertEqual(document["result"], "conflict")
        self.assertEqual([a["status"] for a in document["actions"]],
                         ["skipped"])
        self.assertEqual(len(document["conflicts"]), 1)
        conflict = document["conflicts"][0]
        self.assertEqual(conflict["kind"], "both_created")
        self.assertIsNone(conflict["group"])
        self.assertIsNone(conflict["resolution"])
        self.assertEqual(conflict["local"]["type"], "file")
        self.assertEqual(conflict["local"]["size"], 4)
        self.assertEqual(conflict["local"]["mtime"],
                         "2026-01-01T00:00:10.000000000Z")
        self.assertRegex(conflict["cloud"]["hash"], r"\A[0-9a-f]{32}\Z")

    def test_a_policy_for_once(self):
        self.put("local", "a", "mine", at=10)
        self.put("cloud", "a", "theirs", at=20)
        document = self.document(0, "plan", "--policy", "prefer_local")
        self.assertEqual(document["conflicts"][0]["resolution"], "local")
        self.assertEqual(document["actions"][0]["reason"], "resolved")
        self.assertIn("the local side is taken",
                      self.expect(0, "plan", "--policy=prefer_local").out)
        self.document(2, "plan")
        run = self.expect(4, "plan", "--policy", "guess")
        self.assertIn("prefer_newer_mtime", run.err)

    @unittest.skipUnless(POSIX, "names Windows cannot have")
    def test_hostile_names(self):
        name = "a\n\x1b[2Jcoldsync: \u202eb"
        self.put("local", name, "1")
        with open(os.path.join(os.fsencode(self.local), b"\xff"), "wb"):
            pass
        run = self.expect(0, "plan")
        self.assertIn("a\\n\\e[2Jcoldsync: \\u{202E}b", run.out)
        self.assertIn("\\xFF", run.out)
        actions = self.document(0, "plan")["actions"]
        self.assertIn(name, [a["path"] for a in actions])
        self.assertIn("ff", [a.get("path_hex") for a in actions])

    def test_without_a_cloud_folder(self):
        shutil.rmtree(self.cloud)
        document = self.document(5, "plan")
        self.assertEqual(document["result"], "refused")
        self.assertEqual(document["actions"], [])

    def test_without_a_local_folder(self):
        os.rmdir(self.local)
        self.put("cloud", "a", "1")
        self.assertEqual(len(self.document(0, "plan")["actions"]), 1)
        self.assertFalse(os.path.exists(self.local))
        self.sync()
        self.assert_trees({"a": "1"})

    def test_a_broken_config(self):
        self.profile(extra="[sync]\ndirection = sideways\n")
        document = self.expect(4, "plan", "--json").json()
        self.assertEqual(len(document["problems"]), 1)
        self.assertEqual(document["actions"], [])

    @unittest.skipUnless(os.path.exists("/bin/sleep"), "needs sleep")
    @unittest.skipUnless(POSIX, "its application is one of /bin")
    def test_while_the_application_runs(self):
        app = self.path("myapplication")
        shutil.copy("/bin/sleep", app)
        self.profile(extra="[process_detection]\n"
                           "process_names = myapplication\n"
                           "grace_period_seconds = 0\n")
        self.put("local", "a", "1")
        child = subprocess.Popen([app, "60"])
        try:
            for args in (("plan",), ("sync", "-y"), ("conflicts",)):
                run = self.expect(3, *args)
                self.assertIn("myapplication", run.err)
                self.assertEqual(
                    self.expect(3, *args, "--json").json()["result"],
                    "running")
        finally:
            child.kill()
            child.wait()
        self.assert_trees({"a": "1"}, {})
        self.expect(0, "sync", "-y")

    def test_while_paused(self):
        self.put("local", "a", "1")
        self.expect(0, "pause")
        self.assertEqual(len(self.document(0, "plan")["actions"]), 1)

    def test_what_is_left_alone(self):
        if POSIX:
            os.symlink("nowhere", self.path("local", "link"))
        self.put("local", "a", "1", at=5)
        self.put("cloud", "a", "2", at=5)
        run = self.expect(2, "plan")
        self.assertIn("not alike, though of the same time: 1", run.out)
        document = self.document(2, "plan")
        self.assertIn(("a", "equal_mtime"),
                      [(s["path"], s["reason"]) for s in document["skipped"]])
        if POSIX:
            self.assertIn("symbolic link (sync.symlinks): 1", run.out)
            self.assertIn({"path": "link", "side": "local",
                           "reason": "symlink"}, document["skipped"])

    def test_mistakes(self):
        for args, word in ((("plan", "more"), "more"),
                           (("plan", "--apply"), "--apply")):
            self.assertIn(word, self.expect(4, *args).err)


class All(FlowTest):
    """--all: every profile, one answer."""

    def pair(self, name, policy="manual_abort"):
        self.make_dir(name, "local")
        self.make_dir(name, "cloud")
        return self.write(f"config/{name}.ini", (
            "[identity]\nmachine_id = testbox\n[paths]\n"
            f"local_state_dir = {native(self.path(name, 'local'))}\n"
            f"cloud_root_dir = {native(self.path(name, 'cloud'))}\n"
            f"state_dir = {native(self.path('state', name))}\n"
            f"[conflict]\npolicy = {policy}\n"))

    def test_the_worst_code_wins(self):
        self.pair("one")
        self.pair("two")
        self.pair("three")
        self.write("one/local/a", "1")
        run = self.expect(0, "plan", "--all", "--json")
        document = run.json()
        self.assertIsNone(document["profile"])
        self.assertEqual([p["profile"] for p in document["profiles"]],
                         ["one", "three", "two"])
        for profile in document["profiles"]:
            self.assertEqual(list(profile)[:7], list(document)[:7])
            self.assertEqual(profile["command"], "plan")
            self.assertIn("summary", profile)
        self.assertEqual(len(document["profiles"][0]["actions"]), 1)

        self.write("two/local/a", "1")
        os.utime(self.write("two/cloud/a", "22"), (EPOCH, EPOCH))
        document = self.expect(2, "plan", "--all", "--json").json()
        self.assertEqual([p["exit_code"] for p in document["profiles"]],
                         [0, 0, 2])
        shutil.rmtree(self.path("three/cloud"))
        document = self.expect_all(5, "sync", "--all", "-y", "--json").json()
        self.assertEqual([p["exit_code"] for p in document["profiles"]],
                         [0, 5, 2])
        self.assertEqual([p["applied"] for p in document["profiles"]],
                         [True, False, False])
        self.write("config/zzz.ini", "[nonsense]\n")
        document = self.expect_all(4, "push", "--all", "--json").json()
        self.assertEqual([p["exit_code"] for p in document["profiles"]],
                         [0, 5, 2, 4])
        self.assertEqual(document["profiles"][3]["profile"], "zzz")

    def expect_all(self, code, *args):
        run = self.coldsync(*args)
        self.assertEqual(run.code, code, str(run))
        self.assert_envelope(run)
        return run

    def test_as_text(self):
        self.pair("one")
        self.pair("two")
        self.write("two/local/a", "1")
        run = self.expect(0, "pull", "--all", "--dry-run")
        self.assertLess(run.out.index("== one =="), run.out.index("== two"))
        self.assertIn("nothing to do", run.out)
        run = self.expect(0, "sync", "--all", "-y", "-q")
        self.assertEqual(run.out + run.err, "")
        shutil.rmtree(self.path("two/cloud"))
        run = self.expect(5, "sync", "--all", "-y", "-q")
        self.assertIn("coldsync: two: ", run.err)

    def test_none_there(self):
        run = self.expect(4, "plan", "--all", "--json")
        self.assertEqual(run.json()["profiles"], [])

    def test_not_with_one(self):
        self.pair("one")
        self.expect(4, "plan", "--all", "-p", "one")
        self.expect(4, "resolve", "--all")


if __name__ == "__main__":
    main()
