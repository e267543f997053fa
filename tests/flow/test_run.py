"""run: pull, a program, push."""

import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
import unittest

from apps import APP, AppTest
from harness import POSIX, main, native

if os.name == "posix":
    import fcntl
    import pty
    import termios

SH = ["/bin/sh", "-c"]


@unittest.skipUnless(POSIX, "its programs are shell scripts")
class RunTest(AppTest):
    def setUp(self):
        super().setUp()
        self.put("cloud", "from-cloud", "news", at=10)

    def run_sh(self, code, text, *options, **more):
        return self.expect(code, "run", *options, "--", *SH, text, **more)

    def conflict(self):
        self.put("local", "both", "mine", at=10)
        self.put("cloud", "both", "theirs", at=20)


@unittest.skipUnless(not POSIX, "its programs are those of Windows")
class OnWindows(AppTest):
    CMD = ("cmd.exe", "/d", "/c")

    def setUp(self):
        super().setUp()
        self.put("cloud", "from-cloud", "news", at=10)

    def test_pull_program_push(self):
        run = self.expect(0, "run", "--", *self.CMD,
                          "type local\\from-cloud&echo saved>local\\made")
        self.assertEqual(run.out, "news")
        self.assertEqual(self.tree("cloud")["made"].strip(), "saved")

    def test_the_exit_code_is_the_programs(self):
        for code in (1, 7, 255):
            self.expect(code, "run", "--", *self.CMD, f"exit {code}")

    def test_no_such_program(self):
        self.expect(1, "run", "--", "no-such-program")

    def test_what_it_leaves_running(self):
        """The child of a child that has ended."""
        program = native(self.program("anything"))
        run = subprocess.Popen(
            self.command("run", "--", *self.CMD, f"start /b {program}"),
            env=self.environment(), cwd=self.home, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(run.stdout.readline().strip(), b"ready")
        time.sleep(1)
        self.assertIsNone(run.poll())
        self.put("local", "late", "late")
        run.communicate(timeout=60)  # closes its input, which ends it
        self.assertEqual(run.returncode, 0)
        self.assertEqual(self.tree("cloud")["late"], "late")

    def test_a_process_of_the_profile(self):
        child = self.start(APP)
        run = self.begin("run", "--force", "--", *self.CMD, "exit 0")
        time.sleep(2)
        self.assertIsNone(run.poll())
        self.put("local", "late", "late")
        self.stop(child)
        _out, err = run.communicate(timeout=60)
        self.assertIn(b"waiting for " + APP.encode(), err)
        self.assertEqual(self.tree("cloud")["late"], "late")

    def test_a_failed_pull(self):
        self.put("local", "both", "mine", at=10)
        self.put("cloud", "both", "theirs", at=20)
        run = self.expect(2, "run", "--", *self.CMD, "echo started")
        self.assertEqual(run.out, "")


class Around(RunTest):
    def test_pull_program_push(self):
        self.run_sh(0, "cat local/from-cloud && echo saved > local/made")
        self.assert_trees({"from-cloud": "news", "made": "saved\n"})

    def test_standard_output_is_the_programs(self):
        run = self.run_sh(0, "echo out; echo err >&2; cat", stdin=b"in\n")
        self.assertEqual(run.out, "out\nin\n")
        self.assertIn("err\n", run.err)
        self.assertIn("from-cloud", run.err)
        run = self.run_sh(0, "echo out", "-q")
        self.assertEqual((run.out, run.err), ("out\n", ""))

    def test_the_exit_code_is_the_programs(self):
        for code in (1, 3, 7, 126, 255):
            run = self.run_sh(code, f"echo {code} > local/code; exit {code}")
            self.assertIn(f"ended with {code}", run.err)
            self.assertEqual(self.tree("cloud")["code"], f"{code}\n")
        self.run_sh(128 + 9, "kill -9 $$")

    def test_options_behind_the_program_are_its_own(self):
        path = self.script("tool", "#!/bin/sh\necho \"$@\"\n")
        for line in (("run", "--", path), ("run", path)):
            run = self.expect(0, *line, "--force", "-q", "--", "x")
            self.assertEqual(run.out, "--force -q -- x\n")

    def test_no_pull(self):
        self.run_sh(0, "test ! -e local/from-cloud && echo x > local/made",
                    "--no-pull")
        self.assertEqual(self.tree("cloud")["made"], "x\n")

    def test_no_push(self):
        self.run_sh(0, "echo x > local/made", "--no-push")
        self.assertEqual(self.tree("local")["from-cloud"], "news")
        self.assertNotIn("made", self.tree("cloud"))

    def test_nothing_to_run(self):
        self.expect(4, "run")
        self.expect(4, "run", "--")
        self.expect(4, "run", "--no-such-option", "true")

    def test_no_such_program(self):
        run = self.expect(1, "run", "--", "/no/such/program")
        self.assertIn("/no/such/program", run.err)

    def test_paused(self):
        self.expect(0, "pause")
        before = self.tree("local")
        run = self.run_sh(0, "echo started")
        self.assertEqual(run.out, "started\n")
        self.assertIn("paused", run.err)
        self.assertEqual(self.tree("local"), before)
        self.run_sh(7, "exit 7")

    def test_as_json(self):
        run = self.expect(0, "--json", "run", "--", *SH,
                          "echo out; echo x > local/made")
        document = run.json()
        self.assertEqual(document["command"], "run")
        self.assertEqual(document["program_exit_code"], 0)
        self.assertEqual(document["pull"]["exit_code"], 0)
        self.assertEqual(document["pull"]["summary"]["to_local"], 1)
        self.assertEqual(document["push"]["summary"]["to_cloud"], 1)
        self.assertIn("out\n", run.err)
        run = self.coldsync("--json", "run", "--", *SH, "exit 7")
        self.assertEqual(run.code, 7)
        self.assertEqual(run.json()["program_exit_code"], 7)
        self.assertEqual(run.json()["result"], "error")

    def test_a_failing_push_decides(self):
        self.expect(0, "pull")
        self.run_sh(2, "echo mine > local/from-cloud; sleep 0.01; "
                       "echo theirs-now > cloud/from-cloud; exit 7")

    def test_waits_for_another_run(self):
        self.expect(0, "pull")
        lock = os.open(self.path("state", "docs", "lock"), os.O_RDWR)
        fcntl.lockf(lock, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = self.begin("run", "--", *SH, "echo x > local/made")
        time.sleep(0.5)
        self.assertIsNone(run.poll())
        os.close(lock)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)
        self.assertEqual(self.tree("cloud")["made"], "x\n")


class Gone(RunTest):
    """When the program is gone."""

    def test_a_daemonised_grandchild(self):
        self.run_sh(0, "(setsid sh -c 'sleep 0.7; echo late > local/late' "
                       "> /dev/null 2>&1 &) ")
        self.assertEqual(self.tree("cloud")["late"], "late\n")

    def test_says_whom_it_waits_for(self):
        run = self.begin("run", "--", *SH, "setsid sleep 3 &")
        _out, err = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)
        self.assertIn(b"waiting for sleep", err)

    def test_a_process_of_the_profile(self):
        """Started by somebody else, as a single instance is."""
        begun, end = self.path("begun"), self.path("end")
        for fifo in (begun, end):
            os.mkfifo(fifo)
        run = self.begin("run", "--", *SH, f": > {begun}; cat {end}")
        with open(begun, encoding="ascii") as file:
            file.read()
        child = self.start(APP)
        with open(end, "w", encoding="ascii"):
            pass
        time.sleep(0.3)
        self.assertIsNone(run.poll())
        self.put("local", "late", "late")
        self.stop(child)
        _out, err = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0, err)
        self.assertIn(b"waiting for " + APP.encode(), err)
        self.assertEqual(self.tree("cloud")["late"], "late")

    def test_the_application_itself(self):
        path = self.script(APP, "#!/bin/sh\necho x > local/made\n")
        self.expect(0, "run", "--", path)
        self.assertEqual(self.tree("cloud")["made"], "x\n")

    def test_orphans_are_collected(self):
        run = self.begin("run", "--", *SH,
                         "for i in 1 2 3 4 5; do (sleep 0.1 &); done; "
                         "setsid sleep 3 &")
        time.sleep(2.7)
        with open(f"/proc/{run.pid}/task/{run.pid}/children",
                  encoding="ascii") as file:
            self.assertLessEqual(len(file.read().split()), 1)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)


class Signals(RunTest):
    def begin_sh(self, text):
        run = self.begin("run", "--", *SH, text, start_new_session=True)
        self.until(lambda: os.path.exists(self.path("there")))
        return run

    def test_are_passed_on(self):
        for name in ("INT", "TERM", "HUP", "QUIT", "USR1", "USR2"):
            with self.subTest(name=name):
                run = self.begin_sh(
                    f"trap 'echo {name} > local/signal; exit 5' {name}; "
                    "touch there; while :; do sleep 0.05; done")
                run.send_signal(getattr(signal, "SIG" + name))
                _out, err = run.communicate(timeout=30)
                self.assertEqual(run.returncode, 5, err)
                self.assertEqual(self.tree("cloud")["signal"], name + "\n")
                os.unlink(self.path("there"))

    def test_a_program_that_dies_of_one(self):
        run = self.begin_sh("echo x > local/made; touch there; exec sleep 60")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 128 + signal.SIGTERM)
        self.assertEqual(self.tree("cloud")["made"], "x\n")

    def test_while_others_are_waited_for(self):
        run = self.begin_sh("touch there; setsid sleep 20 & echo $! > pid")
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        begun = time.monotonic()
        self.assertEqual(run.wait(timeout=30), 130)
        self.assertLess(time.monotonic() - begun, 3)
        with open(self.path("pid"), encoding="ascii") as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGKILL)  # it lives, as nobody ended it

    def test_while_the_application_is_waited_for(self):
        self.start(APP)
        run = self.begin("run", "--force", "--", *SH, "touch there")
        self.until(lambda: os.path.exists(self.path("there")))
        time.sleep(0.3)
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130)


class Choice(RunTest):
    """The pull fails."""

    def setUp(self):
        super().setUp()
        self.conflict()
        self.stubs = self.make_dir("stubs")

    def stub(self, *answers):
        """A zenity that answers so, one time after the other."""
        lines = "".join(f"{i}) {text};;\n" for i, text in enumerate(answers))
        path = self.write("stubs/zenity", (
            "#!/bin/sh\n"
            f'n=$(cat "{self.path("n")}" 2>/dev/null || echo 0)\n'
            f'echo $((n + 1)) > "{self.path("n")}"\n'
            f'printf "%s\\n" "$@" >> "{self.path("asked")}"\n'
            f"case $n in\n{lines}esac\n"))
        os.chmod(path, stat.S_IRWXU)

    def display(self, **more):
        return {"PATH": self.stubs + ":" + os.environ["PATH"],
                "DISPLAY": ":99", **more}

    def test_not_started(self):
        run = self.run_sh(2, "echo started")
        self.assertNotIn("started\n", run.out)
        self.assertEqual(self.tree("local"), {"both": "mine"})
        self.assertIn("conflict", run.err)

    def test_force(self):
        # Both steps say why they failed.
        run = self.coldsync("run", "--force", "--", *SH,
                            "echo started; echo x > local/made")
        self.assertEqual((run.code, run.out), (2, "started\n"))
        self.assertEqual(run.err.count("hint: "), 2, str(run))
        self.assertEqual(self.tree("local")["made"], "x\n")

    def test_the_application_runs_already(self):
        os.unlink(self.path("local", "both"))
        self.start(APP)
        run = self.run_sh(3, "echo started")
        self.assertEqual(run.out, "")

    def test_a_lost_cloud(self):
        os.unlink(self.path("local", "both"))
        self.expect(0, "sync", "--apply")
        shutil.rmtree(self.path("cloud"))
        run = self.run_sh(5, "echo started")
        self.assertEqual(run.out, "")

    def terminal(self, *answers):
        return self.on_terminal("run", "--", *SH, "echo st''arted",
                                answers=answers)

    def test_cancel_at_the_terminal(self):
        for answers in (("c",), ("what", "c"), ()):
            run = self.terminal(*answers)
            self.assertEqual(run.code, 2, str(run))
            self.assertNotIn("\nstarted", run.out)

    def test_start_anyway_at_the_terminal(self):
        run = self.terminal("s")
        self.assertIn("\nstarted", run.out)
        self.assertEqual(run.code, 2, str(run))

    def test_resolve_at_the_terminal(self):
        run = self.terminal("r", "c")
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("started", run.out)
        self.assertEqual(self.tree("local")["both"], "theirs")
        self.assertEqual(self.tree("local")["from-cloud"], "news")

    def test_try_again_at_the_terminal(self):
        os.unlink(self.path("local", "both"))
        self.expect(0, "sync", "--apply")
        os.rename(self.path("cloud"), self.path("away"))

        def mend():
            os.rename(self.path("away"), self.path("cloud"))
            return "t"
        run = self.terminal("t", mend)
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("started", run.out)

    def test_in_a_window(self):
        cases = (
            (("exit 1",), 2, None),
            (("echo 'Start anyway'; exit 1",), 2, "started\n"),
            (("exit 5",), 2, None),
            (("exit 0", "exit 1"), 2, None),
        )
        for answers, code, out in cases:
            with self.subTest(answers=answers):
                if os.path.exists(self.path("n")):
                    os.unlink(self.path("n"))
                self.stub(*answers)
                run = self.coldsync("run", "--", *SH, "echo started",
                                    env=self.display())
                self.assertEqual((run.code, run.out), (code, out or ""))
                self.assertEqual(self.tree("local")["both"], "mine")
        with open(self.path("asked"), encoding="utf-8") as file:
            asked = file.read()
        self.assertIn("conflict", asked)
        self.assertIn("Resolve", asked)

    def test_resolve_in_a_window(self):
        self.stub("exit 0", "exit 0")
        run = self.run_sh(0, "echo started", env=self.display())
        self.assertEqual(run.out, "started\n")
        self.assert_trees({"both": "theirs", "from-cloud": "news"})

    def test_keep_both_in_a_window(self):
        self.stub("exit 0", "echo 'Keep both'; exit 1")
        self.run_sh(0, "echo started", env=self.display())
        self.assertEqual(len(self.tree("local")), 3)

    def test_no_window_without_a_display(self):
        self.stub("exit 0")
        run = self.run_sh(2, "echo started", env=self.display(DISPLAY=None))
        self.assertFalse(os.path.exists(self.path("asked")))
        self.assertIn("no display", run.err)

    def test_no_window_for_a_program(self):
        self.stub("exit 0")
        self.expect(2, "--json", "run", "--", *SH, "true",
                    env=self.display())
        self.assertFalse(os.path.exists(self.path("asked")))


FULL_SCREEN = """
import curses, sys
def main(screen):
    screen.addstr(2, 5, "this fills the screen")
    screen.refresh()
    while True:
        key = screen.getch()
        if key == ord("q"):
            break
        screen.addstr(4, 5, f"key {key} size {screen.getmaxyx()}   ")
        screen.refresh()
    open("local/made", "w").write("by a full-screen program")
curses.wrapper(main)
"""


class Terminal(RunTest):
    def test_a_killed_program_leaves_it_usable(self):
        master, slave = pty.openpty()
        before = termios.tcgetattr(slave)
        run = subprocess.Popen(
            self.command("run", "--", *SH, "stty raw -echo; kill -9 $$"),
            env=self.environment({"TERM": "xterm"}), cwd=self.home,
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.drain(master, run)
        self.assertEqual(run.wait(timeout=30), 128 + 9)
        self.assertEqual(termios.tcgetattr(slave), before)
        os.close(master)
        os.close(slave)

    def drain(self, master, run):
        while run.poll() is None:
            if select.select([master], [], [], 0.1)[0]:
                os.read(master, 65536)

    def test_ctrl_c_is_the_programs(self):
        master, slave = pty.openpty()
        run = subprocess.Popen(
            self.command("run", "--", *SH, (
                "trap 'echo caught > local/caught' INT; touch there; "
                "while [ ! -e local/caught ]; do sleep 0.05; done; exit 6")),
            env=self.environment({"TERM": "xterm"}), cwd=self.home,
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.until(lambda: os.path.exists(self.path("there")))
        os.write(master, b"\x03")
        self.drain(master, run)
        self.assertEqual(run.wait(timeout=30), 6)
        self.assertEqual(self.tree("cloud")["caught"], "caught\n")
        os.close(master)
        os.close(slave)

    def test_ctrl_c_that_we_see_too_late(self):
        """It was the program's, also where that has ended of it before we
        come to look."""
        master, slave = pty.openpty()
        run = subprocess.Popen(
            self.command("run", "--", *SH, (
                "trap 'echo caught > local/caught; exit 6' INT; touch there; "
                "while :; do sleep 0.05; done")),
            env=self.environment({"TERM": "xterm"}), cwd=self.home,
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.until(lambda: os.path.exists(self.path("there")))
        run.send_signal(signal.SIGSTOP)
        os.write(master, b"\x03")
        self.until(lambda: os.path.exists(self.path("local/caught")))
        time.sleep(0.3)
        run.send_signal(signal.SIGCONT)
        self.drain(master, run)
        self.assertEqual(run.wait(timeout=30), 6)
        self.assertEqual(self.tree("cloud")["caught"], "caught\n")
        os.close(master)
        os.close(slave)

    @unittest.skipUnless(shutil.which("tmux"), "needs tmux")
    def test_a_full_screen_program_in_tmux(self):
        program = self.write("full.py", FULL_SCREEN)
        socket = self.path("tmux")
        env = self.environment({"TERM": "xterm"})

        def tmux(*args):
            return subprocess.run(
                ["tmux", "-S", socket, "-f", "/dev/null", *args], env=env,
                cwd=self.home, capture_output=True, check=True,
                timeout=30).stdout.decode()

        def shows(text):
            return lambda: text in tmux("capture-pane", "-p")
        tmux("new-session", "-d", "-x", "80", "-y", "24", "sh")
        self.addCleanup(tmux, "kill-server")
        line = " ".join(self.command("run", "--", sys.executable, program))
        tmux("send-keys", f"PS1='ready> '; {line}; echo code $?", "Enter")
        self.until(shows("this fills the screen"), "the screen")
        tmux("send-keys", "x")
        self.until(shows("key 120 size (24, 80)"), "the key")
        tmux("send-keys", "q")
        self.until(shows("code 0"), "the end")
        self.assertNotIn("this fills", tmux("capture-pane", "-p"))
        tmux("send-keys", "echo us''able", "Enter")
        self.until(shows("\nusable"), "the shell")
        self.assertEqual(self.tree("cloud")["made"],
                         "by a full-screen program")


if __name__ == "__main__":
    main(at_once=4)
