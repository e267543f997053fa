"""pause and resume: set a profile aside and take it up again."""

import glob
import os
import stat
import unittest

from harness import POSIX, FlowTest, main, native


class Pause(FlowTest):
    def setUp(self):
        super().setUp()
        self.profile()
        self.marker = self.path("state", "docs", "paused")

    def log(self):
        text = ""
        for path in sorted(glob.glob(self.path("state/docs/logs/*.log"))):
            with open(path, encoding="utf-8") as file:
                text += file.read()
        return text

    def test_there_and_back(self):
        run = self.expect(0, "pause")
        self.assertIn("'docs' is paused", run.out)
        self.assertIn("resume", run.out)
        self.assertEqual(run.err, "")
        with open(self.marker, encoding="utf-8") as file:
            self.assertRegex(
                file.read(),
                r"\A\d{4}-\d\d-\d\dT\S+ by \S+ on testbox\n\Z")

        run = self.expect(0, "resume")
        self.assertIn("'docs'", run.out)
        self.assertFalse(os.path.exists(self.marker))
        self.assertIn("paused", self.log())
        self.assertIn("resumed", self.log())

    def test_twice(self):
        self.expect(0, "pause")
        with open(self.marker, "rb") as file:
            before = file.read()
        run = self.expect(0, "pause")
        self.assertIn("already", run.out)
        self.assertIn(before.decode().strip(), run.out)
        with open(self.marker, "rb") as file:
            self.assertEqual(file.read(), before)

        self.expect(0, "resume")
        self.assertIn("was not paused", self.expect(0, "resume").out)

    def test_never_paused(self):
        before = self.listing()
        run = self.expect(0, "resume")
        self.assertIn("was not paused", run.out)
        self.assertEqual(self.listing(), before)

    def test_by_alias(self):
        document = self.expect(0, "disable", "--json").json()
        self.assertEqual(document["command"], "pause")
        self.assertTrue(os.path.exists(self.marker))
        document = self.expect(0, "enable", "--json").json()
        self.assertEqual(document["command"], "resume")
        self.assertFalse(os.path.exists(self.marker))

    def test_as_json(self):
        for command, result in (("pause", "paused"), ("pause", "paused"),
                                ("resume", "ok"), ("resume", "ok")):
            with self.subTest(command=command):
                document = self.expect(0, command, "--json").json()
                self.assertEqual(document["result"], result)
                self.assertEqual(document["profile"], "docs")
                self.assertEqual(document["machine"], "testbox")

    def test_quiet(self):
        run = self.expect(0, "-q", "pause")
        self.assertEqual(run.out + run.err, "")

    def test_only_the_state_is_touched(self):
        before = self.listing()
        self.expect(0, "pause")
        added = set(self.listing()) - set(before)
        self.assertTrue(
            all(name.split(os.sep)[0] == "state" for name in added), added)
        self.expect(0, "resume")
        left = [name for name in self.listing()
                if "paused" in os.path.basename(name)]
        self.assertEqual(left, [])

    def test_a_leftover_of_a_crash_is_no_obstacle(self):
        self.write("state/docs/paused.new", "half")
        self.assertIn("was not paused", self.expect(0, "resume").out)
        self.expect(0, "pause")
        self.assertFalse(os.path.exists(self.marker + ".new"))

    def test_made_by_hand(self):
        self.write("state/docs/paused", b"\x1b[2J\xff" + b"x" * 100000)
        run = self.expect(0, "pause")
        self.assertNotIn("\x1b", run.out)
        self.assertLess(len(run.out), 2000)
        self.expect(0, "pause", "--json")
        self.expect(0, "resume")
        self.assertFalse(os.path.exists(self.marker))

    def test_a_broken_config(self):
        self.profile(extra="[sync]\ndirection = sideways\n")
        document = self.expect(4, "pause", "--json").json()
        self.assertEqual(len(document["problems"]), 1)
        self.assertFalse(os.path.exists(self.marker))

    def test_no_place_for_the_log(self):
        self.profile(extra=(
            f"[logging]\ndir = {native(self.path('logs'))}\n"))
        self.write("logs", "a file where a directory should be")
        run = self.expect(0, "pause")
        self.assertRegex(run.err, r"\Awarning: .*logs")
        self.assertTrue(os.path.exists(self.marker))

    def test_no_place_for_the_state(self):
        self.profile(extra=(
            f"backup_dir = {native(self.path('backups'))}\n"
            "[logging]\n"
            f"dir = {native(self.path('logs'))}\n"))
        self.write("state/docs", "a file where a directory should be")
        self.expect(1, "pause")

    def test_a_directory_in_the_way(self):
        self.make_dir("state", "docs", "paused", "inside")
        self.expect(0, "pause")
        self.expect(1, "resume")

    @unittest.skipUnless(POSIX, "permission bits are for POSIX systems")
    def test_private(self):
        self.expect(0, "pause")
        for path, mode in ((self.marker, 0o600),
                           (os.path.dirname(self.marker), 0o700)):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), mode)


if __name__ == "__main__":
    main()
