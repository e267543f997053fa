"""before_sync, after_sync and on_conflict: the user's own commands."""

import glob
import os
import signal
import subprocess
import time
import unittest

from harness import POSIX, main, native
from mirror import MirrorTest


class Hooks(MirrorTest):
    def hooks(self, **commands):
        lines = "".join(f"{key} = {value}\n"
                        for key, value in commands.items())
        self.profile(extra=f"[hooks]\n{lines}")

    def tell(self, name):
        """A command that writes its environment into the file *name*."""
        listing = "env" if POSIX else "set"
        return f"{listing} > {native(self.path(name))}"

    def told(self, name):
        """What the hook was told, without our prefix; None: it did not run."""
        if not os.path.exists(self.path(name)):
            return None
        with open(self.path(name), encoding="utf-8") as file:
            pairs = [line.rstrip("\r\n").split("=", 1) for line in file
                     if line.startswith("COLDSYNC_") and "=" in line]
        os.unlink(self.path(name))
        return {key[len("COLDSYNC_"):]: value for key, value in pairs}

    def log(self):
        text = ""
        for path in sorted(glob.glob(self.path("state/docs/logs/*.log"))):
            with open(path, encoding="utf-8") as file:
                text += file.read()
        return text

    def test_around_a_run(self):
        self.put("local", "a", "1")
        self.hooks(before_sync=self.tell("before"),
                   after_sync=self.tell("after"),
                   on_conflict=self.tell("conflict"))
        document = self.sync()
        before, after = self.told("before"), self.told("after")
        self.assertIsNone(self.told("conflict"))
        self.assertEqual(before["HOOK"], "before_sync")
        self.assertEqual(before.get("RESULT", ""), "")
        self.assertEqual(after["HOOK"], "after_sync")
        self.assertEqual(after["RESULT"], "ok")
        self.assertEqual(after["CONFLICTS"], "0")
        for told in (before, after):
            self.assertEqual(told["PROFILE"], "docs")
            self.assertEqual(told["MACHINE"], "testbox")
            self.assertEqual(told["DIRECTION"], "both")
            self.assertEqual(told["RUN_ID"], document["run_id"])
            self.assertIn("local", told["LOCAL_DIR"])
            self.assertIn("cloud", told["CLOUD_DIR"])

    def test_in_each_direction(self):
        self.hooks(after_sync=self.tell("after"))
        for command, direction in (("pull", "to_local"),
                                   ("push", "to_cloud")):
            self.expect(0, command)
            self.assertEqual(self.told("after")["DIRECTION"], direction)

    def test_not_where_nothing_is_applied(self):
        self.hooks(before_sync=self.tell("before"),
                   after_sync=self.tell("after"))
        self.expect(0, "plan")
        self.expect(0, "sync", "--dry-run")
        self.expect(0, "pause")
        self.expect(0, "push")
        self.assertIsNone(self.told("before"))
        self.assertIsNone(self.told("after"))

    def test_what_it_makes_is_seen(self):
        path = native(self.path("local", "made"))
        self.hooks(before_sync=f"echo new> {path}")
        self.sync()
        self.assertEqual(self.tree("cloud")["made"].strip(), "new")

    def test_a_failing_one_stops_the_run(self):
        self.put("local", "a", "1")
        self.hooks(before_sync="echo it is wrong & exit 7" if not POSIX
                   else "echo it is wrong; exit 7",
                   after_sync=self.tell("after"))
        run = self.expect(5, "push")
        self.assertIn("before_sync", run.err)
        self.assertIn("7", run.err)
        self.assertEqual(self.tree("cloud"), {})
        self.assertIsNone(self.told("after"))
        self.assertIn("before_sync: it is wrong", self.log())
        self.assertEqual(
            self.document(5, "push")["result"], "refused")

    def test_no_such_command(self):
        self.put("local", "a", "1")
        self.hooks(before_sync="/no/such/program")
        self.expect(5, "push")
        self.assertEqual(self.tree("cloud"), {})

    def test_a_failing_last_one_is_told(self):
        self.put("local", "a", "1")
        self.hooks(after_sync="exit 3")
        run = self.expect(1, "push")
        self.assertIn("after_sync", run.err)
        self.assertEqual(self.tree("cloud"), {"a": "1"})

    def test_conflicts(self):
        self.put("local", "a", "1", at=10)
        self.put("cloud", "a", "2", at=20)
        self.hooks(on_conflict=self.tell("conflict"),
                   after_sync=self.tell("after"))
        self.expect(2, "sync", "--apply")
        told = self.told("conflict")
        self.assertEqual(told["CONFLICTS"], "1")
        self.assertEqual(told["RESULT"], "conflict")
        self.assertEqual(self.told("after")["RESULT"], "conflict")
        self.expect(0, "sync", "--apply", "--policy", "keep_both")
        self.assertIsNone(self.told("conflict"))
        # One that fails does not hide what it is about.
        self.put("local", "a", "3", at=30)
        self.put("cloud", "a", "4", at=40)
        self.hooks(on_conflict="exit 1")
        self.expect(2, "sync", "--apply")

    def test_output_goes_to_the_log(self):
        self.hooks(before_sync="echo one&echo two 1>&2" if not POSIX
                   else "echo one; echo two >&2; printf '\\033[2Jthree'")
        run = self.expect(0, "push")
        self.assertNotIn("one", run.out + run.err)
        log = self.log()
        self.assertIn("before_sync: one", log)
        self.assertIn("before_sync: two", log)
        self.assertNotIn("\033", log)

    @unittest.skipUnless(POSIX, "a POSIX shell")
    def test_much_output_is_cut(self):
        self.hooks(before_sync="yes 0123456789 | head -c 10000000")
        self.expect(0, "push")
        self.assertLess(len(self.log()), 20_000_000)

    @unittest.skipUnless(POSIX, "a POSIX shell")
    def test_reads_nothing(self):
        self.hooks(before_sync="read line && exit 1; exit 0")
        self.expect(0, "push", stdin=b"line\n")

    @unittest.skipUnless(POSIX, "a POSIX shell")
    def test_only_so_long_with_all_it_started(self):
        pids = self.path("pids")
        self.put("local", "a", "1")
        self.hooks(before_sync=(
            f"(setsid sleep 61 & echo $! >> {pids}); sleep 62 & "
            f"echo $! >> {pids}; wait"), timeout_seconds=1)
        begun = time.monotonic()
        run = self.expect(5, "push")
        self.assertLess(time.monotonic() - begun, 10)
        self.assertIn("longer than 1 second", run.err)
        self.assertEqual(self.tree("cloud"), {})
        with open(pids, encoding="ascii") as file:
            started = file.read().split()
        self.assertEqual(len(started), 2)
        for pid in started:
            self.assertFalse(os.path.exists(f"/proc/{pid}/exe") and
                             os.path.lexists(f"/proc/{pid}/exe") and
                             "sleep" in os.readlink(f"/proc/{pid}/exe"))

    @unittest.skipUnless(POSIX, "a POSIX shell")
    def test_interrupted(self):
        self.put("local", "a", "1")
        self.hooks(before_sync=f"touch {self.path('there')}; sleep 60",
                   after_sync=self.tell("after"))
        run = subprocess.Popen(
            self.command("push"), env=self.environment(), cwd=self.home,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not os.path.exists(self.path("there")):
            time.sleep(0.01)
        begun = time.monotonic()
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(self.tree("cloud"), {})
        self.assertIsNone(self.told("after"))

    @unittest.skipUnless(POSIX, "a POSIX shell")
    def test_fifty_at_once_are_one_after_the_other(self):
        log = self.path("turns")
        for i in range(20):
            self.put("local", f"f{i}", str(i))
        self.hooks(before_sync=f"echo begin >> {log}; sleep 0.02; "
                               f"echo end >> {log}")
        runs = [subprocess.Popen(
            [*self.command("push")], env=self.environment(), cwd=self.home,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) for _ in range(50)]
        ends = [(run.communicate(timeout=120), run.returncode)
                for run in runs]
        codes = [code for _said, code in ends]
        self.assertEqual(set(codes) - {0, 5}, set())
        self.assertIn(0, codes)
        for (_out, err), code in ends:
            if code == 5:
                self.assertIn(b"another run", err)
        with open(log, encoding="ascii") as file:
            turns = file.read().split()
        self.assertEqual(turns, ["begin", "end"] * codes.count(0))
        self.assertEqual(self.tree("cloud"), self.tree("local"))
        self.assertEqual(self.kept(), [])
        self.assert_quiet()

    def test_may_look_once_it_is_over(self):
        self.put("local", "a", "1")
        command = " ".join(self.command("plan")[-2:])
        self.hooks(after_sync=command)
        self.expect(0, "push")

    def test_the_application_runs(self):
        """Nothing begins, so nothing is told."""
        self.put("local", "a", "1")
        self.make_dir("state", "docs")
        self.profile(extra=(
            "[process_detection]\nprocess_names = "
            f"{'python3, python' if POSIX else 'explorer, services'}\n"
            f"[hooks]\nbefore_sync = {self.tell('before')}\n"))
        run = self.coldsync("push")
        if run.code == 0:
            self.skipTest("no such program runs")
        self.assertEqual(run.code, 3, str(run))
        self.assertIsNone(self.told("before"))


if __name__ == "__main__":
    main()
