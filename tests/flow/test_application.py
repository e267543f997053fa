"""What is done about an application that runs: waiting for it, and ending it
where that is allowed."""

import os
import signal
import stat
import time
import unittest

from apps import APP, HELPER, AppTest
from harness import POSIX, main


class Wait(AppTest):
    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")

    def waiting(self, run):
        """Until it says whom it waits for; returns that line."""
        line = run.stderr.readline().decode()
        self.assertIn("waiting for", line)
        return line

    def test_until_it_stops(self):
        child = self.start(APP)
        run = self.begin("sync", "--apply", "--wait", "60")
        self.assertIn(APP, self.waiting(run))
        time.sleep(0.2)
        self.assertIsNone(run.poll())
        self.stop(child)
        begun = time.monotonic()
        out, err = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0, (out, err))
        self.assertLess(time.monotonic() - begun, 3)
        self.assertEqual(self.tree("cloud"), {"a.txt": "one"})

    def test_as_configured(self):
        self.guarded(APP, extra="wait_seconds = 60\n")
        child = self.start(APP)
        run = self.begin("push")
        self.waiting(run)
        self.stop(child)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)
        # A look does not wait.
        child = self.start(APP)
        begun = time.monotonic()
        self.expect(3, "plan")
        self.expect(3, "sync", "--dry-run")
        self.expect(3, "sync", "--apply", "--wait", "0")
        self.assertLess(time.monotonic() - begun, 10)

    def test_it_does_not_stop(self):
        self.start(APP)
        begun = time.monotonic()
        run = self.expect(3, "sync", "--apply", "--wait", "1")
        self.assertGreater(time.monotonic() - begun, 0.9)
        self.assertIn(APP, run.err)
        self.assertEqual(self.tree("cloud"), {})

    def test_holds_no_lock(self):
        child = self.start(APP)
        run = self.begin("sync", "--apply", "--wait", "60")
        self.waiting(run)
        self.guarded("other")
        self.expect(0, "push")
        self.stop(child)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)

    def test_for_who_holds_a_file(self):
        child = self.start("anything", *(
            [self.path("local/a.txt")] if POSIX else []))
        run = self.begin("sync", "--apply", "--wait", "60")
        if not POSIX:
            run.communicate(timeout=30)
            self.skipTest("the system does not tell who has files open")
        self.assertIn("anything", self.waiting(run))
        self.stop(child)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)

    def test_one_after_the_other(self):
        first = self.start(APP)
        run = self.begin("sync", "--apply", "--wait", "60")
        self.waiting(run)
        second = self.start(APP)
        self.stop(first)
        self.waiting(run)
        self.assertIsNone(run.poll())
        self.stop(second)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0)

    @unittest.skipUnless(POSIX, "signals are for POSIX systems")
    def test_interrupted(self):
        self.start(APP)
        run = self.begin("sync", "--apply", "--wait", "60")
        self.waiting(run)
        run.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130)
        self.assertLess(time.monotonic() - begun, 2)

    @unittest.skipUnless(os.path.isdir("/proc/self"), "asks /proc")
    def test_costs_next_to_nothing(self):
        self.start(APP)
        run = self.begin("sync", "--apply", "--wait", "60")
        self.waiting(run)

        def ticks():
            with open(f"/proc/{run.pid}/stat", encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])
        before = ticks()
        time.sleep(2)
        self.assertLess(ticks() - before, 10)

    def test_seconds_are_a_number(self):
        for bad in ("-1", "x", "1.5"):
            self.expect(4, "sync", "--apply", "--wait", bad)


class Terminate(AppTest):
    """allow_terminate_if_running, and who is asked."""

    def setUp(self):
        super().setUp()
        self.put("local", "a.txt", "one")
        self.stubs = self.make_dir("stubs")
        self.allow()

    def allow(self, extra="", names=APP):
        self.guarded(names, extra="allow_terminate_if_running = yes\n"
                                  f"terminate_timeout_seconds = 1\n{extra}")

    def stub(self, name, text):
        path = self.write(f"stubs/{name}", "#!/bin/sh\n"
                          f'printf "%s\\n" "$0" "$@" > '
                          f'"{self.path("asked")}"\n{text}\n')
        os.chmod(path, stat.S_IRWXU)

    def display(self, **more):
        return {"PATH": self.stubs + ":" + os.environ["PATH"],
                "DISPLAY": ":99", **more}

    def asked(self):
        if not os.path.exists(self.path("asked")):
            return None
        with open(self.path("asked"), encoding="utf-8") as file:
            return file.read()

    def test_only_where_allowed(self):
        self.guarded(APP)
        child = self.start(APP)
        self.expect(3, "push", "--auto-terminate-without-confirmation")
        self.assertIsNone(child.poll())

    def test_nobody_to_ask_is_a_no(self):
        child = self.start(APP)
        run = self.expect(3, "push")
        self.assertIn("nobody said yes", run.err)
        self.assertIsNone(child.poll())
        self.assertEqual(self.tree("cloud"), {})

    def test_without_asking(self):
        child = self.start(APP)
        self.expect(0, "push", "--auto-terminate-without-confirmation")
        self.assertIsNotNone(child.wait(timeout=10))
        self.assertEqual(self.tree("cloud"), {"a.txt": "one"})

    def test_as_configured(self):
        self.allow("manual_terminate_confirmation = no\n")
        child = self.start(APP)
        self.expect(3, "push", "--manual-terminate-confirmation")
        self.assertIsNone(child.poll())
        self.expect(0, "push")
        child.wait(timeout=10)

    def test_looking_ends_nobody(self):
        child = self.start(APP)
        for args in (("plan",), ("sync", "--dry-run"), ("conflicts",)):
            self.expect(3, *args, "--auto-terminate-without-confirmation")
        self.assertIsNone(child.poll())

    def test_never_background_processes(self):
        self.allow(f"background_process_names = {HELPER}\n")
        children = [self.start(HELPER), self.start(APP)]
        run = self.expect(3, "push", "--auto-terminate-without-confirmation")
        self.assertIn("background", run.err)
        for child in children:
            self.assertIsNone(child.poll())

    def test_never_what_others_stand_on(self):
        self.allow(names=APP + ", gnome-shell, explorer")
        for name in ("gnome-shell", "explorer"):
            child = self.start(name)
            self.expect(3, "push", "--auto-terminate-without-confirmation")
            self.assertIsNone(child.poll())
            self.stop(child)

    @unittest.skipUnless(POSIX, "Wine does not tell who has files open")
    def test_never_who_only_holds_a_file(self):
        child = self.start("anything", self.path("local/a.txt"))
        self.expect(3, "push", "--auto-terminate-without-confirmation")
        self.assertIsNone(child.poll())

    @unittest.skipUnless(POSIX, "a script is a program on POSIX systems")
    def test_never_what_it_runs_in(self):
        script = self.script(APP, (
            "#!/bin/sh\n" + " ".join(
                self.command("push", "--auto-terminate-without-confirmation"))
            + "\necho ended with $?\n"))
        import subprocess
        done = subprocess.run([script], env=self.environment(),
                              capture_output=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"ended with 3", done.stdout)

    @unittest.skipUnless(POSIX, "sends signals")
    def test_politely_first(self):
        path = self.script(APP, (
            "#!/bin/sh\ntrap 'echo asked > ended; exit 0' TERM\n"
            "echo ready\nwhile :; do sleep 0.05; done\n"))
        child = self.launch([path])
        self.expect(0, "push", "--auto-terminate-without-confirmation")
        self.assertEqual(child.wait(timeout=10), 0)
        self.assertTrue(os.path.exists(self.path("ended")))

    @unittest.skipUnless(POSIX, "sends signals")
    def test_hard_only_after_the_time(self):
        path = self.script(APP, (
            "#!/bin/sh\ntrap '' TERM\n"
            "echo ready\nwhile :; do sleep 0.05; done\n"))
        child = self.launch([path])
        begun = time.monotonic()
        self.expect(0, "push", "--auto-terminate-without-confirmation")
        self.assertGreater(time.monotonic() - begun, 0.9)
        self.assertEqual(child.wait(timeout=10), -signal.SIGKILL)

    @unittest.skipUnless(POSIX, "a script is a program on POSIX systems")
    def test_it_comes_back(self):
        path = self.script(APP, (
            f"#!/bin/sh\ntrap 'setsid \"$0\" & exit 0' TERM\n"
            "echo $$ >> pids\necho ready\n"
            "while :; do sleep 0.05; done\n"))
        self.launch([path])

        def clean_up():
            with open(self.path("pids"), encoding="ascii") as file:
                for pid in file.read().split():
                    try:
                        os.kill(int(pid), signal.SIGKILL)
                    except ProcessLookupError:
                        pass
        self.addCleanup(clean_up)
        run = self.coldsync("push", "--auto-terminate-without-confirmation")
        # The new one may come at once, before the first write, or later.
        if run.code == 0:
            self.skipTest("it came back too late")
        self.assertIn(run.code, (3, 5), str(run))
        self.assertIn(APP, run.err)
        self.assertEqual(self.tree("cloud"), {})

    # -- asking --------------------------------------------------------------

    @unittest.skipUnless(POSIX, "dialogs are programs on POSIX systems")
    def test_in_a_window(self):
        cases = (("zenity", "exit 0", True), ("zenity", "exit 1", False),
                 ("zenity", "exit 5", False), ("zenity", "kill $$", False),
                 ("kdialog", "exit 0", True), ("kdialog", "exit 1", False),
                 ("kdialog", "exit 254", False))
        for name, text, yes in cases:
            with self.subTest(name=name, text=text):
                for old in os.listdir(self.stubs):
                    os.unlink(os.path.join(self.stubs, old))
                self.stub(name, text)
                child = self.start(APP)
                # Only what is ours is found on this PATH.
                env = {"PATH": self.stubs, "DISPLAY": ":99"}
                self.expect(0 if yes else 3, "push", env=env)
                asked = self.asked()
                os.unlink(self.path("asked"))
                self.assertIn(APP, asked)
                self.assertIn(f"pid {child.pid}", asked)
                if yes:
                    child.wait(timeout=10)
                else:
                    self.assertIsNone(child.poll())
                self.stop(child)

    @unittest.skipUnless(POSIX, "dialogs are programs on POSIX systems")
    def test_no_window_without_a_display(self):
        self.stub("zenity", "exit 0")
        child = self.start(APP)
        run = self.expect(3, "push", env=self.display(DISPLAY=None))
        self.assertIn("no display", run.err)
        self.assertIsNone(self.asked())
        self.assertIsNone(child.poll())
        self.expect(0, "push", env=self.display(
            DISPLAY=None, WAYLAND_DISPLAY="wayland-0"))

    @unittest.skipUnless(POSIX, "dialogs are programs on POSIX systems")
    def test_no_program_for_windows(self):
        self.start(APP)
        run = self.expect(3, "push", env={"PATH": self.stubs,
                                          "DISPLAY": ":99"})
        self.assertIn("zenity", run.err)

    @unittest.skipUnless(POSIX, "dialogs are programs on POSIX systems")
    def test_never_in_a_window_when_set_to_console(self):
        self.allow("terminate_confirmation_mode = console\n")
        self.stub("zenity", "exit 0")
        self.start(APP)
        self.expect(3, "push", env=self.display())
        self.assertIsNone(self.asked())

    @unittest.skipUnless(POSIX, "uses a pseudo-terminal")
    def test_on_the_terminal(self):
        for answer, code in (("n", 3), ("", 3), ("y", 0)):
            with self.subTest(answer=answer):
                child = self.start(APP)
                run = self.on_terminal("push", answers=[answer])
                self.assertEqual(run.code, code, str(run))
                self.assertIn(APP, run.out)
                self.assertIn(f"pid {child.pid}", run.out)
                if code == 3:
                    self.assertIsNone(child.poll())
                self.stop(child)

    @unittest.skipUnless(POSIX, "dialogs are programs on POSIX systems")
    def test_names_are_escaped(self):
        self.stub("zenity", "exit 1")
        os.symlink(self.program("c\x01x"), self.path("programs", APP))
        self.launch([self.path("programs", APP)])
        run = self.expect(3, "push", env=self.display())
        self.assertNotIn("\x01", self.asked())
        self.assertNotIn("\x01", run.err)

    # -- telling -------------------------------------------------------------

    def test_verbose_lists_them(self):
        self.guarded(APP, extra=f"background_process_names = {HELPER}\n")
        self.start(APP)
        child = self.start(HELPER)
        run = self.expect(3, "-v", "push")
        tracked = [line for line in run.err.splitlines()
                   if line.startswith("tracked: ")]
        self.assertEqual(len(tracked), 2, str(run))
        if POSIX:
            self.assertIn(
                f"tracked: pid {child.pid}, {HELPER}, "
                "background process name", tracked)


if __name__ == "__main__":
    main(at_once=4)
