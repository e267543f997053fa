"""With too little of something, or none: an error that says so, or it works;
and what was not done is done by the next run that has enough."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest

from harness import POSIX, Run, is_sanitized, main
from mirror import MirrorTest

if POSIX:
    import resource

MB = 1 << 20

SANITIZED = "COLDSYNC" in os.environ and is_sanitized()


@unittest.skipUnless(POSIX, "Windows has no such limits")
class Limits(MirrorTest):
    def setUp(self):
        super().setUp()
        for i in range(12):
            self.put("local", f"d{i}/e/f/file{i}", f"content {i}", at=i)
        self.put("local", "n/" * 60 + "deep", "deep", at=20)
        self.sync()
        for i in range(6):
            self.put("local", f"d{i}/e/f/file{i}", "here", at=100 + i)
            self.put("cloud", f"d{i + 6}/e/f/file{i + 6}", "there", at=100 + i)
        self.put("local", "new/one", "new", at=120)
        self.drop("local", "n/" * 60 + "deep")
        self.contents = self.every_content()

    # -- what must hold ------------------------------------------------------

    def every_content(self):
        """All the bytes there are, in the folders or kept."""
        found = set()
        for top, _dirs, files in os.walk(self.home):
            for name in files:
                if name.startswith("file") or name in ("deep", "one"):
                    with open(os.path.join(top, name), "rb") as file:
                        found.add(file.read())
        return found

    def limited(self, args, limits=(), prepare=None, **options):
        """Run it with resource limits; returns how it ended. *prepare* is
        called in the child."""
        def begin():
            for what, value in limits:
                resource.setrlimit(what, (value, value))
            if prepare is not None:
                prepare()
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                    "stderr": subprocess.PIPE, "cwd": self.home, **options}
        done = subprocess.run(
            self.command(*args), env=self.environment(), preexec_fn=begin,
            timeout=60, check=False, **settings)
        return Run(args, done.returncode, done.stdout or b"",
                   done.stderr or b"")

    def assert_error_or_done(self, run, codes=(1, 5)):
        if run.code != 0:
            self.assertIn(run.code, codes, str(run))
            self.assert_explained(run)
        self.assertLessEqual(self.contents, self.every_content(), str(run))

    def assert_goes_on(self):
        """With enough of everything, the rest is done."""
        self.sync()
        local, cloud = self.tree("local"), self.tree("cloud")
        self.assertEqual(local, cloud)
        self.assertEqual({local[f"d{i}/e/f/file{i}"] for i in range(6)},
                         {"here"})
        self.assertEqual({local[f"d{i}/e/f/file{i}"] for i in range(6, 12)},
                         {"there"})
        self.assertNotIn("n/" * 60 + "deep", local)
        self.assertLessEqual(self.contents, self.every_content())
        self.assert_quiet()
        for side in ("local", "cloud"):
            self.assertEqual([name for name in self.tree(side)
                              if "coldsync" in name], [])

    # -- too little ----------------------------------------------------------

    def test_few_open_files(self):
        worked = []
        for most in (5, 6, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 24):
            with self.subTest(most):
                run = self.limited(
                    ("--threads", "4", "sync", "--apply"),
                    [(resource.RLIMIT_NOFILE, most)])
                # Who cannot look at the programs refuses, too.
                self.assert_error_or_done(run, (1, 3, 5))
                if run.code != 0:
                    self.assertIn("Too many open files", run.out + run.err)
                else:
                    worked.append(most)
        self.assertIn(24, worked)
        self.assert_goes_on()

    @unittest.skipIf(SANITIZED, "a sanitizer needs more stack")
    def test_little_stack(self):
        """Deep folders and many threads are no matter of the stack."""
        for size in (128, 64):
            with self.subTest(size):
                run = self.limited(("--threads", "8", "sync", "--apply"),
                                   [(resource.RLIMIT_STACK, size << 10)])
                self.assertEqual(run.code, 0, str(run))
                run = self.limited(("plan", "--json"),
                                   [(resource.RLIMIT_STACK, size << 10)])
                self.assertEqual(run.code, 0, str(run))
        self.assert_goes_on()

    @unittest.skipIf(SANITIZED, "a sanitizer takes all the addresses")
    def test_few_addresses(self):
        """From what only loads the program up to what is enough."""
        least = next(size for size in range(8, 400, 2) if self.limited(
            ("version",), [(resource.RLIMIT_AS, size * MB)]).code == 0)
        for size in (*range(least, least + 12), least + 20, least + 40):
            with self.subTest(size):
                run = self.limited(("sync", "--apply"),
                                   [(resource.RLIMIT_AS, size * MB)])
                # Two threads may run out of it at the same instant.
                run.err = "\n".join(dict.fromkeys(run.err.splitlines()))
                self.assert_error_or_done(run)
        run = self.limited(("sync", "--apply"),
                           [(resource.RLIMIT_AS, (least + 200) * MB)])
        self.assertEqual(run.code, 0, str(run))
        self.assert_goes_on()

    def test_small_files_only(self):
        """A limit on sizes of files is an error like a full disk."""
        self.put("local", "large", "x" * 300_000, at=130)
        run = self.limited(("sync", "--apply"),
                           [(resource.RLIMIT_FSIZE, 200_000)])
        self.assertEqual(run.code, 1, str(run))
        self.assert_explained(run)
        self.assertIn("large", run.out + run.err)
        self.assertNotIn("large", self.tree("cloud"))
        self.assert_goes_on()
        self.assertIn("large", self.tree("cloud"))

    # -- nowhere to say it ---------------------------------------------------

    def test_closed(self):
        """What is closed is not mistaken for a file of ours, and the work is
        done; only its result cannot be told."""
        for closed in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
            for more in ((), ("--json",)):
                with self.subTest(closed, more=more):
                    def close(which=closed):
                        for fd in which:
                            os.close(fd)
                    for i in range(6):
                        self.put("local", f"d{i}/e/f/file{i}", "here",
                                 at=200 + i)
                    run = self.limited(("sync", "--apply", *more),
                                       prepare=close)
                    self.assertEqual(run.code, 1 if 1 in closed else 0,
                                     str(run))
                    if 1 in closed and 2 not in closed:
                        self.assert_explained(run)
                    self.assertEqual(self.tree("local"), self.tree("cloud"))
        self.assert_goes_on()

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full(self):
        """An output that takes nothing is told on the other one, and by the
        exit code; what had been done is done."""
        for args in (("help",), ("version",), ("plan",), ("plan", "--json"),
                     ("status",), ("doctor", "--json"), ("history",),
                     ("backups", "list"), ("machines", "--json"),
                     ("sync", "--dry-run"), ("completion", "bash"),
                     ("sync", "--apply", "--json")):
            with self.subTest(args):
                with open("/dev/full", "wb") as full:
                    run = self.limited(args, stdout=full)
                self.assertEqual(run.code, 1, str(run))
                self.assert_explained(run)
                self.assertIn("No space left", run.err)
        self.assertEqual(self.tree("local"), self.tree("cloud"))
        with open("/dev/full", "wb") as full:
            self.put("local", "new/two", "two", at=140)
            run = self.limited(("sync", "--apply"), stdout=full, stderr=full)
        self.assertEqual(run.code, 1)
        self.assertEqual(self.tree("local"), self.tree("cloud"))
        self.assert_goes_on()

    def test_nobody_reads_on(self):
        """A reader that has seen enough ends what only tells, and does not
        stop what writes."""
        for args in (("plan",), ("help",), ("plan", "--json")):
            with self.subTest(args):
                self.into_closed_pipe(args)
        code = self.into_closed_pipe(("sync", "--apply", "-v"))
        self.assertIn(code, (1, -signal.SIGPIPE))
        self.assert_goes_on()

    def into_closed_pipe(self, args):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as end:
            run = self.limited(
                args, stdout=end, restore_signals=True)
        self.assertNotEqual(run.code, 0, str(run))
        return run.code

    # -- no place ------------------------------------------------------------

    def test_no_working_directory(self):
        here = tempfile.mkdtemp(dir=self.home)

        def vanish():
            os.chdir(here)
            os.rmdir(here)
        for args in (("plan",), ("status",), ("doctor",), ("sync", "--apply")):
            with self.subTest(args):
                os.makedirs(here, exist_ok=True)
                run = self.limited(args, prepare=vanish, cwd=None)
                self.assertEqual(run.code, 0, str(run))
        for args in (("restore", "--to", "there", "--apply"),
                     ("-c", "x.ini", "plan"),
                     ("report", "--output", "page.html")):
            with self.subTest(args):
                os.makedirs(here, exist_ok=True)
                run = self.limited(args, prepare=vanish, cwd=None)
                self.assertIn(run.code, (1, 4, 5), str(run))
                self.assert_explained(run)

    def test_no_home(self):
        for home in (None, "", "relative", "/nonexistent/home"):
            with self.subTest(home):
                self.expect(0, "plan", env={"HOME": home})
                for args in (("plan",), ("sync", "--apply"), ("init",)):
                    self.expect(4, *args, env={
                        "HOME": home, "COLDSYNC_CONFIG_DIR": None,
                        "XDG_CONFIG_HOME": self.path("nowhere"),
                        "XDG_STATE_HOME": None})
        self.assert_goes_on()


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
