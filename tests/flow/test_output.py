"""Where the text goes, how it looks there, and when it does not arrive."""

import os
import subprocess
import unittest

from harness import POSIX, FlowTest, Run, main

if POSIX:
    import fcntl
    import pty
    import struct
    import termios


@unittest.skipUnless(os.path.exists("/dev/full") and POSIX, "no /dev/full")
class Lost(FlowTest):
    """An answer that did not reach its reader is never a success."""

    def run_into(self, stdout, *args):
        done = subprocess.run(
            self.command(*args), env=self.environment(), cwd=self.home,
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
            timeout=60, check=False)
        return Run(args, done.returncode, b"", done.stderr)

    def assert_lost(self, run):
        self.assertEqual(run.code, 1, str(run))
        self.assert_explained(run)
        self.assertIn("standard output", run.err)

    def test_disk_full(self):
        for args in (("help",), ("version",), ("version", "--json")):
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                self.assert_lost(self.run_into(full, *args))

    def test_reader_gone(self):
        for args in (("help",), ("version", "--json")):
            with self.subTest(args=args):
                reader, writer = os.pipe()
                os.close(reader)
                with os.fdopen(writer, "wb") as pipe:
                    self.assert_lost(self.run_into(pipe, *args))

    def test_closed(self):
        for args in (("help",), ("version", "--json")):
            with self.subTest(args=args):
                done = subprocess.run(
                    ["sh", "-c", 'exec "$@" >&-', "sh", *self.command(*args)],
                    env=self.environment(), cwd=self.home,
                    stderr=subprocess.PIPE, timeout=60, check=False)
                self.assert_lost(Run(args, done.returncode, b"", done.stderr))

    def test_a_mistake_stays_one(self):
        with open("/dev/full", "wb") as full:
            run = self.run_into(full, "--json", "valdate")
        self.assertEqual(run.code, 4, str(run))

    def test_nothing_to_say_is_not_lost(self):
        self.profile()
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.run_into(full, "-q", "validate").code, 0)


class Color(FlowTest):
    def test_only_where_it_is_wanted(self):
        for args, env, colored in (
                ((), {}, False),
                (("--color=auto",), {}, False),
                (("--color=never",), {}, False),
                (("--color=always",), {}, True),
                (("--color=always",), {"NO_COLOR": "1"}, True)):
            with self.subTest(args=args, env=env):
                run = self.expect(0, *args, "help", env=env)
                self.assertEqual("\x1b[" in run.out, colored)

    def test_never_in_json(self):
        run = self.expect(0, "--color=always", "--json", "help")
        self.assertNotIn("\x1b", run.out)
        self.assertIn("\x1b[", run.err)


@unittest.skipUnless(POSIX, "needs a pseudo-terminal")
class Terminal(FlowTest):
    def on_terminal(self, columns, *args, env=None):
        """What a terminal of so many columns is shown."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        environment = self.environment({"TERM": "xterm", **(env or {})})
        child = subprocess.Popen(
            self.command(*args), env=environment, cwd=self.home,
            stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end was closed
                break
            if not piece:
                break
            shown += piece
        os.close(master)
        self.assertEqual(child.wait(timeout=60), 0)
        return shown.decode("utf-8").replace("\r\n", "\n")

    def test_help_keeps_to_its_width(self):
        for columns in (40, 60, 80, 200):
            for args in (("help",), ("help", "validate"), ("pause", "-h")):
                with self.subTest(columns=columns, args=args):
                    text = self.on_terminal(
                        columns, *args, env={"NO_COLOR": "1"})
                    limit = min(columns, 100)
                    words = ("--auto-terminate-without-confirmation",
                             "--manual-terminate-confirmation")
                    for line in text.splitlines():
                        if not line.strip().startswith(words):
                            self.assertLessEqual(len(line), limit, line)

    def test_colors(self):
        self.assertIn("\x1b[", self.on_terminal(80, "help"))
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(env=env):
                self.assertNotIn(
                    "\x1b", self.on_terminal(80, "help", env=env))
        # An empty NO_COLOR is none.
        self.assertIn(
            "\x1b[", self.on_terminal(80, "help", env={"NO_COLOR": ""}))


if __name__ == "__main__":
    main()
