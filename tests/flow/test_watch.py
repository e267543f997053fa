"""watch: what is changed goes over by itself, and only when it may."""

import glob
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

from harness import POSIX, main, native
from mirror import MirrorTest

LINUX = sys.platform == "linux" and POSIX
SOON = 30        # seconds: for what has to happen
QUIET = 1.3      # seconds, longer than a poll: in which nothing may happen

FAST = ("[watch]\nsettle_seconds = 0\npoll_seconds = 1\n"
        "[process_detection]\ngrace_period_seconds = 0\n")
SETTLE_2 = FAST.replace("settle_seconds = 0", "settle_seconds = 2")


class Watcher:
    """A watch that is up; its lines as they come."""

    def __init__(self, test, *options, prefix=(), env=None):
        self.child = subprocess.Popen(
            [*prefix, *test.command("watch", "--json", *options)],
            env=test.environment(env), cwd=test.home,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)
        self.lines = queue.Queue()
        self.seen = []
        self.errors = []
        self.readers = [
            threading.Thread(target=self._read_lines, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True)]
        for reader in self.readers:
            reader.start()

    def _read_lines(self):
        for line in self.child.stdout:
            self.lines.put(json.loads(line.decode()))
        self.lines.put(None)

    def _read_errors(self):
        self.errors.extend(self.child.stderr)

    def next(self, timeout):
        """The next line; None when there is none in time or any more."""
        try:
            line = self.lines.get(timeout=timeout)
        except queue.Empty:
            return None
        if line is not None:
            self.seen.append(line)
        return line

    def close(self):
        if POSIX:
            # With a tracer goes what it traces.
            try:
                os.killpg(self.child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        elif self.child.poll() is None:
            self.child.kill()
        self.child.wait(timeout=SOON)
        for reader in self.readers:
            reader.join(timeout=SOON)
        self.child.stdout.close()
        self.child.stderr.close()

    def __str__(self):
        return "".join(f"{line}\n" for line in self.seen) + "".join(
            line.decode() for line in self.errors)


class WatchTest(MirrorTest):
    extra = FAST

    def setUp(self):
        super().setUp()
        self.profile(extra=self.extra)

    def put(self, side, name, content):
        """In one step, new or in its place: a watch that waits for nothing to
        settle would see a file half written."""
        path = self.path(side, name)
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.rename(self.write("incoming", content), path)
            return path
        with open(path, "r+b", buffering=0) as file:
            shorter = len(content) < os.fstat(file.fileno()).st_size
            file.write(content.encode())
            if shorter:
                file.truncate()
        return path

    def watch(self, *options, **how):
        watcher = Watcher(self, *options, **how)
        self.addCleanup(watcher.close)
        return watcher

    def await_event(self, watcher, event, wanted=lambda line: True):
        """The next line of that event; others are passed over."""
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            line = watcher.next(end - time.monotonic())
            if line is None:
                break
            self.assertEqual(line["schema"], 1)
            self.assertEqual(line["command"], "watch")
            self.assertIn("time", line)
            if line["event"] == event and wanted(line):
                return line
        self.fail(f"no {event}:\n{watcher}")

    def await_sync(self, watcher):
        return self.await_event(
            watcher, "sync", lambda line: line["actions"])

    def await_quiet(self, watcher):
        """A sync that finds nothing; then it says no more. (The one that puts
        the marker into the cloud folder is followed by one more.)"""
        self.await_event(watcher, "sync", lambda line: not line["actions"]
                         and line["exit_code"] == 0)
        line = watcher.next(QUIET)
        if line is not None:
            self.assertEqual(line["event"], "sync", str(watcher))
            self.assertEqual(line["actions"], [], str(watcher))
            line = watcher.next(QUIET)
        self.assertIsNone(line, str(watcher))

    def note(self):
        """What the watch says of itself, for status to read."""
        with open(self.path("state/docs/watch"), encoding="utf-8") as file:
            head, *lines = file.read().split("\n")
        self.assertEqual(head, "coldsync watch 1")
        return dict(line.split(" ", 1) for line in lines)

    def log(self):
        text = ""
        for path in sorted(glob.glob(self.path("state/docs/logs/*.log"))):
            with open(path, encoding="utf-8") as file:
                text += file.read()
        return text


class Watch(WatchTest):
    def test_each_way_and_no_loop(self):
        self.put("local", "a", "one")
        watcher = self.watch()
        line = self.await_sync(watcher)
        self.assert_plan({key: value for key, value in line.items()
                          if key not in ("event", "time")})
        self.await_quiet(watcher)
        self.put("local", "a", "two longer")
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.put("cloud", "b", "three")
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.assert_trees({"a": "two longer", "b": "three"})
        self.assert_quiet()

    def test_once_idle(self):
        self.put("local", "a", "one")
        run = self.expect(0, "watch", "--once-idle")
        self.assertIn("nothing left to do", run.out)
        self.assert_trees({"a": "one"})
        self.assertFalse(os.path.exists(self.path("state/docs/watch")))

    def test_new_directories(self):
        watcher = self.watch()
        self.await_quiet(watcher)
        self.put("local", "x/y/z/deep", "one")
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.put("local", "x/y/z/deep", "changed in place")
        self.await_sync(watcher)
        self.put("cloud", "x/y/other", "two")
        self.await_event(watcher, "sync", lambda line: any(
            action["path"] == "x/y/other" for action in line["actions"]))

    def test_not_before_it_has_settled(self):
        self.profile(extra=SETTLE_2)
        watcher = self.watch()
        self.await_quiet(watcher)
        for i in range(10):
            self.put("local", "a", "x" * i)
            time.sleep(0.4)
        self.assertEqual(self.tree("cloud"), {})
        self.await_sync(watcher)
        self.assertEqual(self.tree("cloud"), {"a": "x" * 9})

    def test_paused(self):
        self.put("local", "a", "one")
        self.expect(0, "pause")
        watcher = self.watch()
        line = self.await_event(watcher, "paused")
        self.assertEqual(line["result"], "paused")
        self.assertIsNone(watcher.next(QUIET), str(watcher))
        self.assertEqual(self.tree("cloud"), {})
        self.expect(0, "resume")
        self.await_sync(watcher)
        self.assert_trees({"a": "one"})
        self.expect(0, "pause")
        self.put("local", "a", "changed")
        self.await_event(watcher, "paused")
        self.assertEqual(self.tree("cloud"), {"a": "one"})

    def test_the_cloud_folder_goes_and_comes_back(self):
        self.put("local", "a", "one")
        watcher = self.watch()
        self.await_quiet(watcher)
        os.rename(self.cloud, self.path("away"))
        self.await_event(watcher, "no_cloud")
        self.assertIsNone(watcher.next(QUIET), str(watcher))
        self.assertEqual(self.tree("local"), {"a": "one"})
        self.write("away/b", "two")
        os.rename(self.path("away"), self.cloud)
        self.await_sync(watcher)
        self.assert_trees({"a": "one", "b": "two"})
        self.put("cloud", "b", "seen where it is now")
        self.await_sync(watcher)

    def test_the_right_cloud_folder_comes_back(self):
        """Another one in its place is refused; with the right one there again
        nobody waits for the next try."""
        self.put("local", "a", "one")
        self.sync()
        os.rename(self.cloud, self.path("away"))
        self.make_dir("cloud")
        watcher = self.watch()
        self.await_event(watcher, "backing_off",
                         lambda line: line["refusals"] == 6)
        begun = time.monotonic()
        os.rmdir(self.cloud)
        os.rename(self.path("away"), self.cloud)
        self.await_event(watcher, "idle")
        self.assertLess(time.monotonic() - begun, 8)  # the next try: in 16 s
        self.assert_trees({"a": "one"})

    def test_no_cloud_folder_at_first(self):
        os.rmdir(self.cloud)
        self.put("local", "a", "one")
        watcher = self.watch()
        self.await_event(watcher, "no_cloud")
        self.make_dir("cloud")
        self.await_sync(watcher)
        self.assert_trees({"a": "one"})

    def test_refused_again_and_again(self):
        self.put("local", "a", "one")
        self.sync()
        os.rename(self.path("cloud/.coldsync"), self.path("marker"))
        watcher = self.watch()
        first = self.await_event(watcher, "refused")
        self.assertEqual(first["refusals"], 1)
        self.assertIn("marker", first["reason"])
        line = self.await_event(watcher, "backing_off")
        self.assertEqual(line["refusals"], 3)
        self.assertIsNotNone(line["next"])
        refused = [seen for seen in watcher.seen if seen["event"] == "sync"]
        self.assertEqual([seen["exit_code"] for seen in refused], [5, 5, 5])
        note = self.note()
        self.assertEqual(note["state"], "backing_off")
        self.assertEqual(note["pid"].isdigit(), True)
        self.assertIn("marker", note["reason"])
        run = self.expect(0, "status")
        self.assertRegex(run.out, r"(?m)^watch +refused \d+ times in a row")
        status = self.expect(0, "status", "--json").json()["watch"]
        self.assertEqual(status["state"], "backing_off")
        self.assertGreaterEqual(status["refusals"], 3)
        self.assertEqual(status["pid"], int(note["pid"]))
        self.assertIn("in a row", self.log())
        # Each time later than the time before.
        times = []
        for _ in range(2):
            self.await_event(watcher, "backing_off")
            times.append(time.monotonic())
        self.assertGreater(times[1] - times[0], 3)
        os.rename(self.path("marker"), self.path("cloud/.coldsync"))
        self.await_event(watcher, "idle")
        self.assertEqual(self.note()["refusals"], "0")

    def test_a_conflict_is_shown_and_left(self):
        self.put("local", "a", "one")
        self.sync()
        self.put("local", "a", "mine")
        self.put("cloud", "a", "theirs")
        watcher = self.watch()
        line = self.await_event(watcher, "sync")
        self.assertEqual(line["exit_code"], 2)
        self.assertEqual(len(line["conflicts"]), 1)
        self.expect(0, "resolve", "a", "--take", "local")
        self.await_event(watcher, "idle")
        self.assert_trees({"a": "mine"})

    def test_others_may_sync_meanwhile(self):
        self.profile(extra=SETTLE_2)
        watcher = self.watch()
        self.await_quiet(watcher)
        self.put("local", "a", "one")
        self.sync()
        self.assert_trees({"a": "one"})

    def test_one_is_enough(self):
        watcher = self.watch()
        self.await_event(watcher, "idle")
        run = self.expect(5, "watch")
        self.assertIn("watched already", run.err)
        self.assertTrue(os.path.exists(self.path("state/docs/watch")))

    def test_a_broken_config(self):
        self.profile(extra="[watch]\nsettle_seconds = -1\n")
        self.expect(4, "watch")

    def test_no_place_for_the_state(self):
        self.profile(extra=(
            f"backup_dir = {native(self.path('backups'))}\n"
            f"[logging]\ndir = {native(self.path('logs'))}\n"))
        self.write("state/docs", "a file where a directory should be")
        self.expect(1, "watch")

    def test_no_place_for_its_note(self):
        """It watches on: the note is only for people."""
        self.make_dir("state/docs/watch/in the way")
        self.put("local", "a", "one")
        self.expect(0, "watch", "--once-idle")
        self.assert_trees({"a": "one"})


@unittest.skipUnless(POSIX, "signals are for POSIX systems")
class Signals(WatchTest):
    def test_ends_well(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                watcher = self.watch()
                self.await_quiet(watcher)
                begun = time.monotonic()
                watcher.child.send_signal(number)
                line = self.await_event(watcher, "end")
                self.assertEqual(watcher.child.wait(timeout=SOON), 0)
                self.assertLess(time.monotonic() - begun, 1)
                self.assertEqual(line["result"], "ok")
                self.assertFalse(
                    os.path.exists(self.path("state/docs/watch")))
                self.sync()

    def test_while_it_settles_waits_or_is_paused(self):
        self.profile(extra=SETTLE_2.replace("= 2", "= 20").replace(
            "poll_seconds = 1", "poll_seconds = 20"))
        self.put("local", "a", "one")
        for command in ("resume", "pause"):
            self.expect(0, command)
            watcher = self.watch()
            self.await_event(
                watcher, "paused" if command == "pause" else "idle")
            time.sleep(0.5)
            watcher.child.send_signal(signal.SIGINT)
            self.assertEqual(watcher.child.wait(timeout=SOON), 0)
        self.assertEqual(self.tree("cloud"), {})

    def test_killed_leaves_nothing_in_the_way(self):
        self.put("local", "a", "one")
        watcher = self.watch()
        self.await_sync(watcher)
        watcher.close()
        self.assertTrue(os.path.exists(self.path("state/docs/watch")))
        status = self.expect(0, "status", "--json").json()
        self.assertIsNone(status["watch"])
        self.expect(0, "watch", "--once-idle")

    def test_nobody_listens_any_more(self):
        watcher = self.watch()
        self.await_quiet(watcher)
        os.close(os.dup(watcher.child.stdout.fileno()))
        read_end = watcher.child.stdout.fileno()
        self.put("local", "a", "one")
        # The reader's thread sits in read(); give it something else to read.
        with open(os.devnull, "rb") as null:
            os.dup2(null.fileno(), read_end)
        self.assertEqual(watcher.child.wait(timeout=SOON), 1)
        self.assert_trees({"a": "one"})


@unittest.skipUnless(LINUX, "processes are made up the Linux way")
class TheApplication(WatchTest):
    extra = FAST.replace("grace", "process_names = pretender\ngrace")

    def start(self, *args):
        program = self.path("pretender")
        if not os.path.exists(program):
            shutil.copy(shutil.which("sleep"), program)
        child = subprocess.Popen([program, *args])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_is_waited_for(self):
        watcher = self.watch()
        self.await_quiet(watcher)
        app = self.start("600")
        self.put("local", "a", "one")
        line = self.await_event(watcher, "running")
        self.assertIn("pretender", line["reason"])
        for i in range(5):
            self.put("local", "a", f"and on {i}")
            time.sleep(0.5)
        self.assertEqual(self.tree("cloud"), {})
        self.assertEqual(self.note()["state"], "running")
        app.kill()
        app.wait()
        self.await_sync(watcher)
        self.assert_trees({"a": "and on 4"})

    def test_its_end_is_told(self):
        """Not looked for: the next look would be far too late."""
        self.profile(extra=self.extra.replace(
            "poll_seconds = 1", "poll_seconds = 600"))
        app = self.start("600")
        self.put("local", "a", "one")
        watcher = self.watch()
        self.await_event(watcher, "running")
        app.kill()
        app.wait()
        self.await_sync(watcher)

    def test_that_begins_meanwhile_is_not_ended(self):
        """Also where a sync by hand might: it was not there when the watch
        looked, and is when the changes have settled."""
        self.profile(extra=self.extra.replace(
            "settle_seconds = 0", "settle_seconds = 2").replace(
            "process_names", "allow_terminate_if_running = yes\n"
            "manual_terminate_confirmation = no\nprocess_names"))
        watcher = self.watch()
        self.await_quiet(watcher)
        self.put("local", "a", "one")
        time.sleep(0.7)
        app = self.start("600")
        self.await_event(watcher, "running")
        self.assertEqual(self.tree("cloud"), {})
        self.assertIsNone(app.poll())
        app.kill()
        app.wait()
        self.await_sync(watcher)

    def test_by_what_it_holds_open(self):
        self.profile(extra=FAST)
        watcher = self.watch()
        self.await_quiet(watcher)
        path = self.write("elsewhere", "one")
        holder = subprocess.Popen(
            [sys.executable, "-c",
             "import sys, time; f = open(sys.argv[1]); print(flush=True);"
             " time.sleep(600)", path], stdout=subprocess.PIPE)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        holder.stdout.readline()
        os.rename(path, self.path("local/a"))
        line = self.await_event(watcher, "running")
        self.assertIn("open", line["reason"])
        self.assertEqual(self.tree("cloud"), {})
        holder.kill()
        self.await_sync(watcher)
        self.assert_trees({"a": "one"})


@unittest.skipUnless(LINUX, "measured the Linux way")
class Idle(WatchTest):
    def status(self, pid):
        found = {}
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(":")
                found[key] = value.split()
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(found["VmRSS"][0]),
                int(found["voluntary_ctxt_switches"][0]),
                int(fields[11]) + int(fields[12]))

    def test_costs_nothing(self):
        """It wakes to look every watch.poll_seconds, and for nothing else."""
        self.profile(extra=FAST.replace("poll_seconds = 1",
                                        "poll_seconds = 2")
                     + "[sync]\ndurability = none\n")
        for i in range(8000):
            self.write(f"local/d{i % 50}/f{i}", f"{i}")
        watcher = self.watch()
        self.await_quiet(watcher)
        pid = watcher.child.pid
        _, wakes, ticks = self.status(pid)
        time.sleep(7)
        memory, wakes_after, ticks_after = self.status(pid)
        self.assertLessEqual(wakes_after - wakes, 5)
        self.assertLessEqual(ticks_after - ticks, 1)
        self.assertLess(memory, 10 * 1024)

    def strace(self):
        strace = shutil.which("strace")
        if strace is None or subprocess.run(
                [strace, "-o", os.devnull, "true"],
                capture_output=True, check=False).returncode != 0:
            self.skipTest("needs strace, and to be allowed to use it")
        return strace

    def test_does_nothing(self):
        """Between two looks not a single system call; in a look, no writing."""
        self.put("local", "a", "one")
        trace = self.path("trace")
        watcher = self.watch(prefix=[
            self.strace(), "-f", "-q", "-o", trace])
        self.await_quiet(watcher)
        with open(trace, encoding="utf-8") as file:
            before = len(file.read().splitlines())
        time.sleep(4)
        with open(trace, encoding="utf-8") as file:
            calls = [line.split(None, 1)[1]
                     for line in file.read().splitlines()[before:]]
        sleeps = [call for call in calls if call.startswith("ppoll(")]
        self.assertIn(len(sleeps), range(2, 7), calls)
        self.assertLess(len(calls), 40 * len(sleeps), calls)
        for call in calls:
            self.assertNotRegex(
                call, r"^(write|pwrite|rename|unlink|mkdir|ftruncate|clone|"
                r"getdents)|O_CREAT|O_WRONLY|O_RDWR", call)

    def test_by_looking_where_nothing_is_told(self):
        """The system has no room for one more watch."""
        self.put("local", "a", "one")
        watcher = self.watch(prefix=[
            self.strace(), "-f", "-q", "-o", self.path("trace"),
            "-e", "inject=inotify_add_watch:error=ENOSPC"])
        self.await_quiet(watcher)
        self.put("local", "a", "two longer")
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.put("cloud", "x/y/b", "three")
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.drop("cloud", "a")
        self.await_sync(watcher)
        self.assert_trees({"x": None, "x/y": None, "x/y/b": "three"})

    def test_more_events_than_the_system_keeps(self):
        with open("/proc/sys/fs/inotify/max_queued_events",
                  encoding="utf-8") as file:
            most = int(file.read())
        if most > 100000:
            self.skipTest("the queue is too long to be filled")
        watcher = self.watch()
        self.await_quiet(watcher)
        watcher.child.send_signal(signal.SIGSTOP)
        # A file written and renamed to and fro, each told apart.
        self.put("local", "a", "0")
        for _ in range(most // 4 + 100):
            os.rename(self.path("local/a"), self.path("local/b"))
            os.rename(self.path("local/b"), self.path("local/a"))
        self.put("local", "late/deep/c", "1")
        # There already, so that no new directory there has all watched anew.
        self.make_dir("cloud/late/deep")
        watcher.child.send_signal(signal.SIGCONT)
        self.await_sync(watcher)
        self.await_quiet(watcher)
        self.assertEqual(self.tree("cloud")["late/deep/c"], "1")
        self.put("local", "late/deep/c", "changed in place")
        self.await_sync(watcher)
        self.assertEqual(
            self.tree("cloud")["late/deep/c"], "changed in place")


if __name__ == "__main__":
    main(at_once=6)
