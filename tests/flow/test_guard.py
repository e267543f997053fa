"""Is the application really stopped? Real processes under all kinds of
names."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from apps import APP, HELPER, NAME64, STAY, AppTest
from harness import POSIX, main, native

LINUX = sys.platform == "linux" and POSIX


class Names(AppTest):
    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")

    def test_of_any_length(self):
        for name in ("c", "fifteen-letters", "sixteen-letters!", NAME64,
                     "with blanks in it", "café"):
            with self.subTest(name=name):
                self.guarded(name)
                self.assert_stopped()
                self.put("local", "a.txt", f"for {name}")
                child = self.start(name)
                run = self.assert_running(name)
                if POSIX:
                    self.assertIn(f"pid {child.pid}", run.err)
                self.stop(child)
                self.assert_stopped()

    @unittest.skipUnless(LINUX and os.geteuid() == 0
                         and shutil.which("unshare"), "needs to mount")
    def test_not_seeing_anybody_is_not_seeing_nobody(self):
        """Without /proc the list of programs is empty, whoever runs."""
        for extra in ("process_names = app\nmatch_open_files = no\n",
                      "match_open_files = yes\n"):
            self.profile(extra="[process_detection]\n" + extra)
            done = subprocess.run(
                ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc || "
                 "exit 77; exec \"$@\"", "sh",
                 *self.command("sync", "--apply")], env=self.environment(),
                cwd=self.home, capture_output=True, text=True, timeout=60,
                check=False)
            if done.returncode == 77 or done.stderr.startswith("unshare:"):
                self.skipTest("may not mount")
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("cannot tell whether the application is running",
                          done.stderr)
        self.assertEqual(self.tree("cloud"), {})

    def test_in_any_case_and_with_or_without_exe(self):
        child = self.start(APP.replace("co", "Co"))
        for name in (APP, APP.upper(), APP + ".exe", APP.upper() + ".EXE",
                     "x, " + APP):
            with self.subTest(name=name):
                self.guarded(name)
                self.assert_running()
        self.stop(child)
        self.assert_stopped()

    def test_never_a_part_of_a_name(self):
        for name in (APP + "x", "x" + APP, APP[:-1], APP + ".bin",
                     APP[:2] + " " + APP[2:]):
            self.start(name)
        self.assert_stopped()

    def test_not_what_another_program_is_told(self):
        self.start("vim", APP)
        self.start("less", native(self.program(APP)))
        self.assert_stopped()

    def test_the_first_fifteen_letters_are_not_the_name(self):
        self.guarded(NAME64)
        self.start(NAME64[:15])
        self.start(NAME64[:15] + "-something-else")
        self.assert_stopped()

    def test_by_system(self):
        self.guarded("", extra=(
            f"process_names.{'linux' if LINUX else 'windows'} = tool\n"
            f"process_names.{'windows' if LINUX else 'linux'} = other\n"))
        self.start("other")
        self.assert_stopped()
        self.put("local", "a.txt", "more")
        self.start("tool")
        self.assert_running("tool")

    def test_in_the_background(self):
        self.guarded(APP, extra=f"background_process_names = {HELPER}\n"
                                    "allow_terminate_if_running = yes\n"
                                    "manual_terminate_confirmation = no\n")
        child = self.start(HELPER)
        self.assert_running(HELPER, "background")
        self.assertIsNone(child.poll())
        self.stop(child)
        self.assert_stopped()

    def test_every_command_that_compares_refuses(self):
        self.start(APP)
        for args in (("plan",), ("sync", "--dry-run"), ("sync", "--apply"),
                     ("pull",), ("push",), ("conflicts",)):
            with self.subTest(args=args):
                run = self.expect(3, *args)
                self.assertIn(APP, run.err)
                self.assertEqual(self.tree("cloud"), {})

    def test_no_names_no_guard(self):
        self.guarded("")
        self.start(APP)
        self.assert_stopped()


@unittest.skipUnless(POSIX, "scripts are programs on POSIX systems")
class Scripts(AppTest):
    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")

    def test_by_their_own_name(self):
        path = self.write(f"programs/{APP}.py", STAY)
        child = self.python("-u", path, "something")
        self.assert_running(APP + ".py")
        self.stop(child)
        self.assert_stopped()

    def test_renamed(self):
        path = self.write("programs/other.py", STAY)
        self.stop(self.python(path))
        os.rename(path, self.path("programs", APP))
        self.python(self.path("programs", APP))
        self.assert_running(APP)

    def test_of_a_shell(self):
        for name in (APP, NAME64):
            with self.subTest(name=name):
                self.guarded(name)
                path = self.script(name, "#!/bin/sh\necho ready\nread x\n")
                child = self.launch([path, "argument"])
                self.assert_running(name)
                self.stop(child)

    def test_as_modules(self):
        self.write(f"modules/{APP}/__main__.py", STAY)
        self.write("modules/other/__main__.py", STAY)
        at = {"PYTHONPATH": self.path("modules")}
        for module, found in (("other", False), (APP, True)):
            with self.subTest(module=module):
                env = {**os.environ, **at}
                child = subprocess.Popen(
                    [sys.executable, "-u", "-m", module, APP],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
                self.addCleanup(self.stop, child)
                self.assertEqual(child.stdout.readline(), b"ready\n")
                if found:
                    self.assert_running("module")
                else:
                    self.assert_stopped()
                    self.put("local", "a.txt", "changed")

    def test_an_argument_is_no_script(self):
        path = self.write("programs/other.py", STAY)
        self.write(APP, "")
        self.python(path, self.path(APP))
        self.python("-c", STAY, APP)
        self.assert_stopped()

    def test_through_a_link(self):
        os.symlink(self.program(APP + "-1.2.3"), self.path("programs", APP))
        self.launch([self.path("programs", APP)])
        self.assert_running(APP + "-1.2.3")

    def test_its_file_is_gone(self):
        path = self.program(APP)
        self.launch([path])
        os.unlink(path)
        self.assert_running(APP)


@unittest.skipUnless(LINUX, "it is the kernel of Linux that does this")
class Kernel(AppTest):
    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")

    def test_zombies_do_not_run(self):
        child = subprocess.Popen([self.program(APP)],
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        self.assert_stopped()
        child.wait()

    def test_it_calls_itself_so(self):
        libc = ctypes.CDLL(None)
        self.assertTrue(hasattr(libc, "prctl"))
        text = ("import ctypes\n"
                "ctypes.CDLL(None).prctl(15, b'{}', 0, 0, 0)\n" + STAY)
        child = self.python("-c", text.format(APP))
        self.assert_running(f"title {APP}")
        self.stop(child)
        # All that the kernel keeps of a name could be the beginning of this.
        self.guarded(NAME64)
        self.assert_stopped()
        self.put("local", "a.txt", "two")
        self.python("-c", text.format(NAME64))
        self.assert_running("cannot tell", "beginning")

    @unittest.skipUnless(LINUX and os.getuid() == 0, "becomes another user")
    def test_another_users(self):
        os.chmod(self.home, 0o755)
        os.chmod(self.programs, 0o755)
        path = self.program(APP)
        os.chmod(path, 0o755)
        self.launch([path], user=65534, group=65534, extra_groups=[])
        self.assert_running(APP)


# Whose pids are its own: what ends is followed by another of the same pid.
REUSE = """
import json, os, signal, subprocess, sys, time
program, app = sys.argv[1:]

def again(pid):
    for _ in range(100):
        with open("/proc/sys/kernel/ns_last_pid", "w") as file:
            file.write(str(pid - 1))
        child = subprocess.Popen(["sleep", "600"])
        if child.pid == pid:
            return child
        child.kill()
        child.wait()
    sys.exit("it never got the pid")

def end(child):
    child.kill()
    child.wait()
    return again(child.pid)

def coldsync(*args, **how):
    return subprocess.Popen([program, *args], text=True, **how)

# A watch that was killed is not the one who has its pid now.
watch = coldsync("-q", "watch")
while not os.path.exists("state/docs/watch"):
    time.sleep(0.01)
end(watch)
status = coldsync("status", "--json", stdout=subprocess.PIPE)
said = json.loads(status.communicate()[0])
assert said["watch"] is None, said
assert coldsync("-q", "watch", "--once-idle").wait() == 0

# Nor is it the application that was waited for.
child = subprocess.Popen([app], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
run = coldsync("sync", "--apply", "--wait", "60", stdout=subprocess.DEVNULL,
               stderr=subprocess.PIPE)
assert "waiting for" in run.stderr.readline()
run.send_signal(signal.SIGSTOP)
other = end(child)
run.send_signal(signal.SIGCONT)
assert run.wait() == 0
assert other.poll() is None
print("seen")
"""


@unittest.skipUnless(LINUX and shutil.which("unshare"), "needs unshare")
class Reused(AppTest):
    def test_a_pid(self):
        """A process is told by when it started as well."""
        apart = ["unshare", *([] if os.getuid() == 0 else ["-Ur"]),
                 "--pid", "--fork", "--kill-child", "--mount-proc"]
        if subprocess.run([*apart, "true"], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("may not have pids of its own")
        self.put("local", "a.txt", "one")
        done = subprocess.run(
            [*apart, sys.executable, "-c", REUSE, os.environ["COLDSYNC"],
             self.program(APP)], env=self.environment(), cwd=self.home,
            capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "seen\n"),
                         done.stderr)


class Holders(AppTest):
    def setUp(self):
        super().setUp()
        self.held = self.put("local", "deep/held.txt", "one")
        self.guarded("")

    def test_an_open_file_counts(self):
        child = self.start("anything", native(self.held))
        if not POSIX and self.coldsync("push").code == 0:
            self.skipTest("the system does not tell who has files open")
        self.assert_running("held.txt", "anything")
        self.stop(child)
        self.assert_stopped()

    def test_only_when_something_is_to_be_written(self):
        self.assert_stopped()
        self.start("anything", native(self.held))
        self.expect(0, "push")
        self.expect(0, "plan")

    def test_another_of_us_only_reads(self):
        self.start("coldsync", native(self.held))
        self.assert_stopped()

    def test_switched_off(self):
        self.guarded("", extra="match_open_files = no\n")
        self.start("anything", native(self.held))
        self.assert_stopped()

    def test_files_elsewhere_do_not_count(self):
        self.start("anything", native(self.put("cloud", "b.txt", "two")))
        self.start("some", native(self.write("localother/held.txt", "")))
        self.expect(0, "push")

    @unittest.skipUnless(POSIX, "Windows pins a working directory")
    def test_standing_in_the_folder_does_not_count(self):
        child = subprocess.Popen(
            ["sh", "-c", "exec 3<.; echo ready; read x"], cwd=self.local,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.stop, child)
        self.assertEqual(child.stdout.readline(), b"ready\n")
        self.assert_stopped()


class Grace(AppTest):
    grace = 2

    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")

    def timed(self, *args):
        begun = time.monotonic()
        self.expect(*args)
        return time.monotonic() - begun

    def test_waited_before_writing_only(self):
        self.assertLess(self.timed(0, "plan"), 1.5)
        self.assertGreater(self.timed(0, "push"), 1.8)
        self.assertEqual(self.tree("cloud"), {"a.txt": "one"})
        self.assertLess(self.timed(0, "push"), 1.5)

    def test_no_names_no_wait(self):
        self.guarded("")
        self.assertLess(self.timed(0, "push"), 1.5)

    def test_a_start_meanwhile(self):
        run = self.begin("push")
        time.sleep(0.7)
        self.start(APP)
        out, err = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 3, (out, err))
        self.assertIn(APP.encode(), err)
        self.assertEqual(self.tree("cloud"), {})
        self.assertFalse(os.path.exists(self.path("cloud", ".coldsync")))

    @unittest.skipUnless(POSIX, "signals are for POSIX systems")
    def test_interrupted(self):
        run = self.begin("push")
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        begun = time.monotonic()
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130)
        self.assertLess(time.monotonic() - begun, 1)
        self.assertEqual(self.tree("cloud"), {})


@unittest.skipUnless(not POSIX or shutil.which("strace"), "needs strace")
class MidRun(AppTest):
    """The application starts while files are being written."""

    FILES = 5000

    # On a quick machine it would start too late: each file takes 1 ms more.
    SLOWLY = ("strace", "-f", "--seccomp-bpf", "-qq", "-o",
              "/dev/null", "-e", "trace=renameat2,linkat", "-e",
              "inject=renameat2,linkat:delay_exit=1000")

    def setUp(self):
        super().setUp()
        self.guarded(APP, more="[sync]\ndurability = none\n")
        for i in range(self.FILES):
            self.put("local", f"d{i % 50}/{i}.txt", f"content {i}")
        self.want = self.tree("local")

    def arrived(self):
        top = self.path("cloud", "d0")
        return len(os.listdir(top)) if os.path.isdir(top) else 0

    def test_stops_at_the_next_file_and_goes_on_afterwards(self):
        run = self.begin("push", "--json", "--threads", "1",
                         before=self.SLOWLY if POSIX else ())
        self.until(lambda: self.arrived() > 2 or run.poll() is not None)
        child = self.start(APP)
        out, err = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 3, err)
        self.assertIn(b'"result":"running"', out)
        there = self.tree("cloud")
        files = [name for name, text in there.items() if text is not None]
        self.assertLess(len(files), self.FILES)
        for name, text in there.items():
            self.assertEqual(text, self.want[name], name)
        self.assertEqual(self.tree("local"), self.want)
        self.assertEqual(
            [name for name in os.listdir(self.cloud) if "tmp" in name], [])

        self.stop(child)
        document = self.document(0, "push")
        self.assertEqual(document["summary"]["conflicts"], 0)
        self.assertLess(document["summary"]["to_cloud"], self.FILES + 50)
        self.assertEqual(self.tree("cloud"), self.want)
        self.assert_quiet()


if __name__ == "__main__":
    main(at_once=3)
