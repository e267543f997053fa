"""What a new user does wrong, and whether the answer helps: what happened,
what it means, what to do next."""

import os
import shutil
import subprocess
import unittest

from harness import POSIX, main, native
from machines import Machine
from mirror import MirrorTest


class Mistakes(MirrorTest):
    def answer(self, code, *args, says=(), hint=(), **options):
        """The run ends with *code*; its line says the one, its hint the
        other."""
        run = self.expect(code, *args, **options)
        lines = run.err.splitlines()
        why = next(line for line in lines if line.startswith("coldsync: "))
        what = next(line for line in lines if line.startswith("hint: "))
        for text in (says,) if isinstance(says, str) else says:
            self.assertIn(text, why, str(run))
        for text in (hint,) if isinstance(hint, str) else hint:
            self.assertIn(text, what, str(run))
        self.assertNotIn("  ", why)
        return run

    def test_no_command(self):
        self.answer(4, hint=("coldsync init", "coldsync help"))

    def test_no_profile(self):
        os.unlink(self.path("config", "docs.ini"))
        for args in (("plan",), ("status",), ("doctor",), ("sync", "--apply"),
                     ("sync", "--all", "--apply")):
            self.answer(4, *args, says="there is no profile",
                        hint="coldsync init")

    def test_wrong_profile(self):
        self.answer(4, "-p", "doc", "plan", says="did you mean 'docs'?")
        self.answer(4, "-p", "else", "plan", says="there are: docs",
                    hint="coldsync init")
        self.profile("other")
        self.answer(4, "plan", says=("several", "docs, other"), hint="-p NAME")

    def test_wrong_config_file(self):
        self.answer(4, "-c", "no.ini", "plan",
                    says="there is no config file no.ini", hint="-c")
        self.answer(4, "plan", says="there is no config file no.ini",
                    hint="COLDSYNC_CONFIG", env={"COLDSYNC_CONFIG": "no.ini"})
        self.answer(4, "-c", native(self.home), "plan", says="cannot be read",
                    hint="-p takes a profile's name")

    @unittest.skipUnless(POSIX and os.geteuid() != 0, "root may read all")
    def test_unreadable_config(self):
        os.chmod(self.path("config", "docs.ini"), 0)
        self.answer(4, "plan", says="cannot be read",
                    hint="who may read it")

    def test_typo_in_config(self):
        self.profile(extra="[sync]\ndirectoin = both\n")
        run = self.answer(4, "plan", says="1 mistake in the config",
                          hint="coldsync validate")
        self.assertIn("docs.ini:8: sync.directoin: there is no such key; did "
                      "you mean sync.direction?", run.err)

    def test_mistake_in_set(self):
        run = self.answer(4, "plan", "--set", "sync.directoin=both",
                          says="1 mistake in what --set gives",
                          hint="SECTION.KEY=VALUE")
        self.assertIn("did you mean sync.direction?", run.err)

    def test_command_line(self):
        self.answer(4, "synk", says="unknown command", hint="'sync'")
        self.answer(4, "plan", "--polcy=keep_both", hint="--policy")
        self.answer(4, "sync", says="nobody to ask",
                    hint=("--dry-run", "--apply"))
        self.answer(4, "sync", "--apply", "--dry-run", says="contradict")

    def test_no_cloud_folder(self):
        """Not mounted, the client not started, or mistyped."""
        os.rmdir(self.cloud)
        for args in (("plan",), ("sync", "--apply"), ("pull",), ("push",)):
            self.answer(5, *args, says="there is no cloud folder",
                        hint=("cloud client", "mount", "coldsync doctor"))
        self.write("cloud", "a file")
        self.answer(5, "plan", says="is to be the cloud folder, but it is")

    def test_another_cloud_folder(self):
        self.put("local", "a", "a")
        self.sync()
        shutil.rmtree(self.cloud)
        self.make_dir("cloud")
        self.answer(5, "sync", "--apply", says="lost its marker",
                    hint=("right cloud folder", "--accept-cloud"))

    def test_local_folder_gone(self):
        """The way out that the hint names does what it says."""
        self.put("local", "a", "a")
        self.sync()
        shutil.rmtree(self.local)
        run = self.answer(5, "sync", "--apply",
                          says="the local folder", hint="bring it back")
        ledger = os.path.join(self.state, "docs", "ledger")
        self.assertIn("ledger first", run.err)
        os.unlink(ledger)
        self.sync()
        self.assert_trees({"a": "a"})

    def test_same_folder_twice(self):
        self.cloud = self.local
        self.profile()
        run = self.answer(4, "plan", says="1 mistake")
        self.assertIn("overlaps paths.local_state_dir", run.err)

    def test_conflict(self):
        for at, side in enumerate(("local", "cloud")):
            self.put(side, "a", side, at=at * 100)
        self.answer(2, "sync", "--apply", says="1 conflict is left",
                    hint="coldsync resolve")

    def test_everything_deleted(self):
        for i in range(12):
            self.put("local", f"{i}", "x")
        self.sync()
        for i in range(12):
            self.drop("local", f"{i}")
        self.answer(5, "sync", "--apply", says="12 files",
                    hint=("coldsync plan", "--allow-deletes"))

    @unittest.skipUnless(POSIX, "open files of others are seen on POSIX")
    def test_application_open(self):
        path = self.put("local", "a", "a")
        with open(path, "rb") as file:
            child = subprocess.Popen(["sleep", "60"], stdin=file)
        try:
            self.answer(3, "sync", "--apply",
                        says=("the application is running: sleep",
                              f"pid {child.pid}"),
                        hint="close the application")
        finally:
            child.kill()
            child.wait()
        self.assert_trees({"a": "a"}, cloud={})

    def from_another(self):
        """A second machine has published b; returns where b is."""
        self.profile(verify="require")
        self.sync()
        mate = Machine(self, "mate")
        mate.write("b", "all of it")
        mate.sync()
        return self.path("cloud", "b")

    def test_cloud_client_paused(self):
        os.unlink(self.from_another())
        self.answer(5, "sync", "--apply",
                    says=("the cloud client has not finished", "'mate'",
                          "b (missing)"),
                    hint=("let the cloud client finish", "--wait"))

    def test_half_delivered(self):
        path = self.from_another()
        when = os.stat(path).st_mtime
        self.put("cloud", "b", "all ")
        os.utime(path, (when + 100, when + 100))
        self.answer(5, "sync", "--apply", says="b (edited)",
                    hint=("let it finish first", "--accept-cloud"))
        os.utime(path, (when, when))
        self.answer(5, "sync", "--apply", says="b (in part)",
                    hint="let the cloud client finish")
        self.assert_trees({}, cloud={"b": "all "})

    def test_left_paused(self):
        self.put("local", "a", "a")
        self.expect(0, "pause")
        for args in (("sync", "--apply"), ("pull",), ("push",)):
            run = self.expect(0, *args)
            self.assertIn("'docs' is paused, nothing is done", run.out)
            self.assertIn("'coldsync resume' ends that", run.out)
        self.assertIn("paused", self.expect(0, "status").out)
        self.assert_trees({"a": "a"}, cloud={})

    @unittest.skipUnless(shutil.which("mount") and POSIX
                         and os.geteuid() == 0, "needs to mount")
    def test_full_and_read_only_disk(self):
        def mount(*options):
            return subprocess.run(["mount", *options], check=False,
                                  capture_output=True).returncode == 0
        if not mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", self.cloud):
            self.skipTest("may not mount")
        self.addCleanup(subprocess.run, ["umount", self.cloud], check=False)
        self.put("local", "large", "x" * 600000)
        self.put("local", "small", "x")
        run = self.answer(1, "sync", "--apply",
                          says="1 path could not be synced",
                          hint=("make room on that disk", "the rest is done"))
        self.assertIn("large: write: No space left on device\n", run.out)
        self.drop("local", "large")
        self.put("local", "other", "x")
        self.assertTrue(mount("-o", "remount,ro", self.cloud))
        self.answer(1, "sync", "--apply", says="1 path could not be synced",
                    hint="whether its disk is read-only")
        self.assertTrue(mount("-o", "remount,rw", self.cloud))
        self.sync()
        self.assert_trees({"small": "x", "other": "x"})

    @unittest.skipUnless(POSIX and os.geteuid() != 0,
                         "root may write everywhere")
    def test_read_only_folder(self):
        os.chmod(self.local, 0o500)
        self.addCleanup(os.chmod, self.local, 0o700)
        self.put("cloud", "a", "a")
        self.answer(1, "sync", "--apply", says="1 path could not be synced",
                    hint="see who may write there")

    @unittest.skipUnless(POSIX and shutil.which("faketime"), "needs faketime")
    def test_clock_wrong(self):
        """Nothing is lost by it, and doctor tells whose it is."""
        self.profile(verify="require")
        self.put("local", "a", "a")
        # A sanitizer wants to be loaded first, and so does faketime.
        env = self.environment({"ASAN_OPTIONS": "verify_asan_link_order=0"})
        subprocess.run(["faketime", "+3 days", *self.command(
            "sync", "--apply")], env=env, cwd=self.home, check=True,
                       capture_output=True)
        mate = Machine(self, "mate")
        mate.sync()
        self.assertEqual(mate.tree(), {"a": "a"})
        out = mate(0, "doctor").out
        self.assertRegex(out, r"warn +clock +'testbox' published [23] days "
                         r"from now")
        self.assertIn("set the clock", out)

    def test_no_right_to_write(self):
        """The place of our own files is taken by a file."""
        self.profile(extra=(
            f"backup_dir = {native(self.path('backups'))}\n[logging]\n"
            f"dir = {native(self.path('logs'))}\n"))
        self.write("state/docs", "a file")
        self.put("local", "a", "a")
        self.answer(1, "sync", "--apply", says="state")


if __name__ == "__main__":
    main()
