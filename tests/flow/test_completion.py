"""What the shells offer while a command line is typed."""

import os
import pty
import select
import shutil
import subprocess
import time
import unittest

from harness import POSIX, main
from mirror import MirrorTest

SHELLS = ("bash", "zsh", "fish")


class Asked(MirrorTest):
    """The program's own answer, which every shell shows."""

    def offered(self, *words, kind="words"):
        run = self.expect(0, "__complete", "--", *words)
        lines = run.out.splitlines()
        self.assertEqual(lines[0], kind, str(run))
        self.assertEqual(run.err, "")
        return [line.split("\t")[0] for line in lines[1:]]

    def listed(self):
        """Every command 'coldsync help' lists."""
        text = self.expect(0, "help").out
        body = text.split("Global options")[0].split("Usage")[1]
        return [line.split()[0] for line in body.splitlines()
                if line.startswith("  ") and line[2].isalpha()
                and not line.strip().startswith("coldsync")]

    def test_commands_are_those_of_help(self):
        commands = self.offered("")
        self.assertEqual(sorted(commands), sorted(self.listed()))
        self.assertIn("sync", commands)
        self.assertNotIn("__complete", commands)
        self.assertEqual(self.offered("dis"), ["disable"])
        self.assertEqual(self.offered("-q", "pau"), ["pause"])

    def test_options_are_those_of_help(self):
        for command in [name for name in self.listed()]:
            text = self.expect(0, "help", command).out
            for option in self.offered(command, "--"):
                known = text + self.expect(0, "help").out
                self.assertIn(option + " ", known.replace("\n", " "))
            shown = text.split("\nOptions\n")[-1] if (
                "\nOptions\n" in text) else ""
            for line in shown.splitlines():
                words = line.split()
                for word in words[:2]:
                    if line.startswith("  ") and word.startswith("--"):
                        self.assertIn(word, self.offered(command, "--"))

    def test_values(self):
        self.assertEqual(self.offered("plan", "--direction", "to_"),
                         ["to_local", "to_cloud"])
        self.assertEqual(self.offered("--color=a"),
                         ["--color=auto", "--color=always"])
        self.assertEqual(self.offered("--set", "conflict.p"),
                         ["conflict.policy="])
        self.assertEqual(self.offered("--set", "sync.durability="),
                         ["sync.durability=full", "sync.durability=none"])
        self.assertEqual(self.offered("completion", ""), list(SHELLS))
        self.assertIn("resolve", self.offered("help", "re"))
        self.offered("-c", "", kind="files")
        self.offered("--config=", kind="files")

    def test_profiles(self):
        self.profile("work")
        self.assertEqual(self.offered("-p", ""), ["docs", "work"])
        self.assertEqual(self.offered("--profile=w"), ["--profile=work"])
        self.assertEqual(self.offered("-qp", "w"), ["work"])

    def test_paths(self):
        self.write("local/notes/a b.txt", "x")
        self.write("cloud/notes/c.txt", "x")
        self.write("cloud/.coldsync/id-1", "")
        self.assertEqual(self.offered("resolve", ""), ["notes/"])
        self.assertEqual(self.offered("resolve", "notes/"),
                         ["notes/a b.txt", "notes/c.txt"])
        self.assertEqual(self.offered("resolve", "notes/c.txt", "no"),
                         ["notes/"])

    def test_snapshots_runs_and_templates(self):
        self.write("local/a", "1")
        self.expect(0, "sync", "--apply")
        self.write("local/a", "22")
        run = self.sync()
        snapshot = run["snapshot"]
        self.assertIsNotNone(snapshot)
        self.assertEqual(self.offered("backups", "")[:4],
                         ["list", "show", "verify", "prune"])
        self.assertIn(snapshot, self.offered("backups", "show", ""))
        self.assertEqual(self.offered("backups", "verify", snapshot),
                         [snapshot])
        self.assertEqual(self.offered("backups", "list", ""), [])
        self.assertIn(run["run_id"], self.offered("history", "show", ""))
        self.assertEqual(self.offered("init", "--template", "thu"),
                         ["thunderbird-profile"])
        self.assertEqual(self.offered("init", "--machine-id", ""), [])
        self.assertEqual(self.offered("machines", "forget", ""), ["testbox"])

    def test_what_comes_after(self):
        self.offered("run", "", kind="programs")
        self.offered("run", "--", "vi", kind="programs")
        self.offered("run", "--", "vi", "", kind="files")
        self.offered("run", "vi", "--", kind="files")
        self.assertEqual(self.offered("schedule", "in"), ["install"])
        self.write("local/note", "x")
        self.assertEqual(self.offered("sync", "--accept-cloud", "--", ""),
                         ["note"])

    def test_hostile_names_are_not_offered(self):
        if POSIX:
            self.write("local/e\x1b[31m", "x")
            self.write("local/two\nlines", "x")
        self.write("local/ever", "x")
        self.assertEqual(self.offered("resolve", ""), ["ever"])

    def test_nonsense_is_quiet(self):
        for words in (("frobnicate", ""), ("version", "x"), ("--nope=",),
                      ("-p", "nobody", "resolve", ""), ()):
            with self.subTest(words=words):
                self.assertEqual(self.offered(*words) if words else [], [])


@unittest.skipUnless(POSIX, "shells of POSIX systems")
class InShell(MirrorTest):
    """Typed into the real shells, with the key that completes."""

    def setUp(self):
        super().setUp()
        os.symlink(os.environ["COLDSYNC"],
                   os.path.join(self.make_dir("bin"), "coldsync"))
        self.write("local/notes/a b.txt", "x")
        self.write("local/notes/c.txt", "x")
        self.env = self.environment({
            "TERM": "dumb", "PS1": "$ ", "HISTFILE": "",
            "PATH": self.path("bin") + ":" + os.environ["PATH"]})
        for shell in SHELLS:
            with open(self.path(f"{shell}.script"), "wb") as file:
                file.write(self.expect(0, "completion", shell).out_bytes)

    def need(self, shell):
        if shutil.which(shell) is None:
            self.skipTest(f"{shell} is not installed")

    def typed(self, argv, setup, line):
        """The command line after *line* (with tabs) was typed, as the shell
        understood it: its arguments, one in a line."""
        done = self.path("done")
        if os.path.exists(done):
            os.unlink(done)
        master, slave = pty.openpty()
        child = subprocess.Popen(argv, env=self.env, cwd=self.home,
                                 stdin=slave, stdout=slave, stderr=slave,
                                 start_new_session=True)
        os.close(slave)
        shown = b""

        def read_until(what, seconds=20):
            nonlocal shown
            end = time.monotonic() + seconds
            while time.monotonic() < end and what not in shown:
                if select.select([master], [], [], 0.05)[0]:
                    try:
                        shown += os.read(master, 65536)
                    except OSError:
                        break
            self.assertIn(what, shown)

        try:
            for command in (*setup, "echo re''ady"):
                os.write(master, command.encode() + b"\n")
            read_until(b"ready\r\n")
            for piece in line:
                os.write(master, piece.encode())
                time.sleep(0.3)
            # To the front of the line, and say it instead of doing it.
            os.write(master, b"\x01args \n")
            end = time.monotonic() + 20
            while not os.path.exists(done) and time.monotonic() < end:
                if select.select([master], [], [], 0.05)[0]:
                    shown += os.read(master, 65536)
            time.sleep(0.1)
        finally:
            child.kill()
            child.wait()
            os.close(master)
        self.assertTrue(os.path.exists(done), shown)
        with open(done, encoding="utf-8") as file:
            return file.read().splitlines()

    CASES = (
        (("coldsync pla\t",), ["coldsync", "plan"]),
        (("coldsync plan --dire\t", "to_l\t"),
         ["coldsync", "plan", "--direction", "to_local"]),
        (("coldsync plan --color=al\t",),
         ["coldsync", "plan", "--color=always"]),
        (("coldsync -p do\t", "resol\t"),
         ["coldsync", "-p", "docs", "resolve"]),
        (("coldsync resolve no\t", "a\t"),
         ["coldsync", "resolve", "notes/a b.txt"]),
    )

    def test_bash(self):
        self.need("bash")
        setup = ("bind 'set bell-style none'",
                 "args() { printf '%s\\n' \"$@\" >made; mv made done; }",
                 f"source {self.path('bash.script')}")
        for line, want in self.CASES:
            with self.subTest(line=line):
                self.assertEqual(self.typed(
                    ["bash", "--norc", "--noprofile", "-i"], setup, line),
                    want)

    def test_zsh(self):
        self.need("zsh")
        setup = ("autoload -Uz compinit && compinit -D -u",
                 "args() { print -rl -- \"$@\" >made; mv made done; }",
                 "bindkey -e; unsetopt beep",
                 f"source {self.path('zsh.script')}")
        for line, want in self.CASES:
            with self.subTest(line=line):
                self.assertEqual(self.typed(
                    ["zsh", "-f", "-i"], setup, line), want)

    def test_fish(self):
        self.need("fish")

        def offered(line):
            done = subprocess.run(
                ["fish", "--no-config", "-c",
                 f"source {self.path('fish.script')};"
                 "complete -C $argv[1]", line],
                env=self.env, cwd=self.home, capture_output=True,
                timeout=60, check=True)
            return [one.split("\t")[0]
                    for one in done.stdout.decode().splitlines()]

        self.assertEqual(offered("coldsync pla"), ["plan"])
        self.assertEqual(offered("coldsync plan --direction to_l"),
                         ["to_local"])
        self.assertEqual(offered("coldsync plan --color=al"),
                         ["--color=always"])
        self.assertEqual(offered("coldsync -p do"), ["docs"])
        self.assertEqual(offered("coldsync resolve notes/"),
                         ["notes/a b.txt", "notes/c.txt"])
        self.assertIn("bash.script", offered("coldsync -c bash.s"))


if __name__ == "__main__":
    main()
