"""What tests of the guard stand on: programs that run under any name."""

import os
import shutil
import stat
import subprocess
import sys
import time

from harness import EMULATOR, POSIX, native
from mirror import MirrorTest

NAME64 = "a-name-of-sixty-four-characters-which-no-kernel-table-would-hold"

# The application of these tests: nobody else's process has this name, not even
# that of the same test run beside this one.
APP = f"codex{os.getpid()}"
HELPER = f"helper{os.getpid()}"

# How long a test waits for what must come.
PATIENCE = 30


class AppTest(MirrorTest):
    """A profile whose application is called APP; nobody waits for it to be
    gone for a while unless a test says so."""

    grace = 0

    def setUp(self):
        super().setUp()
        self.programs = self.make_dir("programs")
        self.guarded(APP)

    def guarded(self, names, extra="", more=""):
        """The profile, with these names in it."""
        return self.profile(extra=(
            f"[process_detection]\nprocess_names = {names}\n"
            f"grace_period_seconds = {self.grace}\n{extra}\n{more}"))

    # -- programs ------------------------------------------------------------

    def program(self, name):
        """A program of this name; returns its path."""
        if not POSIX:
            name += ".exe"
        path = os.path.join(self.programs, name)
        if not os.path.exists(path):
            shutil.copy(os.environ["COLDSYNC_IDLE"], path)
        return path

    def script(self, name, text):
        """An executable script of this name; returns its path."""
        path = self.write(os.path.join("programs", name), text)
        os.chmod(path, stat.S_IRWXU)
        return path

    def start(self, name, *args):
        """Run the program *name*, with the files *args* open."""
        return self.launch([*EMULATOR, self.program(name), *args])

    def launch(self, command, **options):
        """Run a command that says when it is there; it goes with the test."""
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=self.environment(), cwd=self.home, **options)
        self.addCleanup(self.stop, child)
        line = child.stdout.readline().strip()
        self.assertEqual(line, b"ready", command)
        return child

    def stop(self, child):
        if not child.stdin.closed:
            child.stdin.close()
        try:
            child.wait(timeout=3)
        except subprocess.TimeoutExpired:  # it does not listen
            child.kill()
            child.wait(timeout=PATIENCE)
        child.stdout.close()

    def python(self, *args):
        """Run a Python that says so and stays."""
        return self.launch([sys.executable, *args])

    def begin(self, *args, env=None, before=(), **options):
        """Start coldsync, behind what comes *before* it on the command line,
        and do not wait for it."""
        child = subprocess.Popen(
            [*before, *self.command(*args)], env=self.environment(env), cwd=self.home,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **options)

        def clean_up():
            if child.poll() is None:
                child.kill()
            child.communicate()
        self.addCleanup(clean_up)
        return child

    def until(self, condition, what="what was waited for"):
        """Let time pass until *condition* holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, f"{what} never came")
            time.sleep(0.005)

    # -- verdicts ------------------------------------------------------------

    def sides(self):
        """All there is on both sides, our own things included."""
        return {path: seen for path, seen in self.times().items()
                if path.startswith((self.local, self.cloud))}

    def assert_running(self, *words):
        """push refuses because of it and touches nothing."""
        before = self.sides()
        run = self.expect(3, "push")
        for word in words:
            self.assertIn(word, run.err)
        self.assertEqual(self.sides(), before)
        document = self.document(3, "push")
        self.assertEqual(document["result"], "running")
        return run

    def assert_stopped(self):
        self.expect(0, "push")
        self.assertEqual(self.tree("cloud"), self.tree("local"))


STAY = "print('ready', flush=True)\nimport sys\nsys.stdin.read()\n"

__all__ = ["APP", "HELPER", "AppTest", "NAME64", "PATIENCE", "STAY", "native"]
