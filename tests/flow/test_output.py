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
    def on_terminal(self, columns, *args, env=None, code=0):
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
        self.assertEqual(child.wait(timeout=60), code)
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

    def test_long_answers_are_paged(self):
        mark = {"PAGER": "sed 's/^/PAGED /'"}
        text = self.on_terminal(80, "help", env=mark)
        self.assertEqual(text.count("PAGED "), len(text.splitlines()))
        text = self.on_terminal(80, "sync", "-h", env=mark)
        self.assertIn("PAGED coldsync sync", text)
        # What fits on the screen, what programs read, what is no terminal.
        self.profile()
        for args in (("version",), ("conflicts",), ("--json", "help")):
            self.assertNotIn("PAGED ", self.on_terminal(80, *args, env=mark))
        self.assertNotIn("PAGED ", self.expect(0, "help", env=mark).out)
        self.assertNotIn("PAGED ", self.on_terminal(
            80, "help", env={**mark, "TERM": "dumb"}))

    def test_less_leaves_the_text_there(self):
        told = self.on_terminal(80, "help", env={
            "PAGER": "cat >/dev/null; echo told $LESS"})
        self.assertEqual(told, "told FRX\n")
        told = self.on_terminal(80, "help", env={
            "PAGER": "cat >/dev/null; echo told $LESS", "LESS": "S"})
        self.assertEqual(told, "told S\n")

    def test_a_bad_pager_hides_nothing(self):
        for pager in ("", "cat", "no-such-program-anywhere", "/"):
            with self.subTest(pager=pager):
                text = self.on_terminal(80, "help", env={"PAGER": pager})
                self.assertIn("show the version", text)
        # One that is left early is no failure.
        self.on_terminal(80, "help", env={"PAGER": "head -n 1"})

    def test_trouble_comes_behind_the_pager(self):
        self.write("cloud/.coldsync/id-00", "")
        self.profile(extra="[sync]\nequal_mtime_action = manual_abort\n")
        for i in range(40):
            for side in ("local", "cloud"):
                os.utime(self.write(f"{side}/file{i}", side * 3), (9, 9))
        text = self.on_terminal(80, "conflicts", "--verbose", code=2, env={
            "PAGER": "sed 's/^/PAGED /'", "NO_COLOR": "1"})
        lines = text.splitlines()
        self.assertTrue(lines[0].startswith("PAGED "), text)
        paged = [line.startswith("PAGED ") for line in lines]
        self.assertEqual(paged, sorted(paged, reverse=True), text)
        self.assertRegex(text, r"\ncoldsync: .*\nhint: [^\n]*\n      \S")
        self.assertLessEqual(max(map(len, lines)), 80, text)

    def test_narrow(self):
        self.profile()
        self.write("local/" + "deep/" * 9 + "日本語のとても長い名前.txt", "x")
        text = self.on_terminal(40, "plan", env={"NO_COLOR": "1"})
        self.assertIn("…", text)
        for line in text.splitlines():
            wide = sum(2 if ord(c) > 0x2E80 else 1 for c in line)
            self.assertLessEqual(wide, 40, text)

    def test_colors(self):
        self.assertIn("\x1b[", self.on_terminal(80, "help"))
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(env=env):
                self.assertNotIn(
                    "\x1b", self.on_terminal(80, "help", env=env))
        # An empty NO_COLOR is none.
        self.assertIn(
            "\x1b[", self.on_terminal(80, "help", env={"NO_COLOR": ""}))


class Cron(FlowTest):
    """Nobody reads what goes well; a mail comes of what does not."""

    def test_quiet(self):
        self.profile()
        self.write("local/a", "x")
        bare = {name: None for name in (
            "LC_ALL", "USER", "PAGER", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        for _ in range(2):
            run = self.expect(0, "-q", "sync", "--apply", env=bare)
            self.assertEqual((run.out, run.err), ("", ""))
        self.assertTrue(os.path.exists(self.path("cloud", "a")))
        self.write("local/a", "here")
        self.write("cloud/a", "there!")
        run = self.expect(2, "-q", "sync", "--apply", env=bare)
        self.assertEqual(run.out, "")
        self.assertIn("a: changed on both sides", run.err)

    def test_progress_only_on_terminals(self):
        self.profile()
        self.write("local/a", "x")
        run = self.expect(0, "sync", "--apply")
        self.assertNotIn("\r", run.err)
        self.write("local/b", "x")
        run = self.expect(0, "--progress=always", "sync", "--apply")
        self.assertIn("\r", run.err)


@unittest.skipUnless(POSIX, "XDG is for POSIX systems")
class Xdg(FlowTest):
    def test_files_are_where_xdg_says(self):
        self.write("xdg-config/coldsync/notes.ini", (
            "[paths]\n"
            f"local_state_dir = {self.local}\n"
            f"cloud_root_dir = {self.cloud}\n"))
        self.write("local/a", "x")
        bare = {"COLDSYNC_CONFIG_DIR": None}
        self.expect(0, "sync", "--apply", env=bare)
        self.assertTrue(os.path.isdir(self.path("xdg-state/coldsync/notes")))
        self.assertFalse(os.path.exists(self.path(".local")))
        # Without the variables: the usual places below the home.
        os.renames(self.path("xdg-config"), self.path(".config"))
        bare.update(XDG_CONFIG_HOME=None, XDG_STATE_HOME=None)
        self.expect(0, "plan", env=bare)
        self.expect(0, "sync", "--apply", "--accept-cloud", env=bare)
        self.assertTrue(os.path.isdir(
            self.path(".local/state/coldsync/notes")))


if __name__ == "__main__":
    main()
