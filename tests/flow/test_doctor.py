"""doctor: every check found good, found bad, and nothing touched by any."""

import json
import os
import re
import shutil
import subprocess
import unittest

from harness import EMULATOR, POSIX, main, native
from mirror import MirrorTest

CHECKS = ["config", "unknown_keys", "local_folder", "cloud_folder",
          "folders_differ", "local_not_synced", "local_access",
          "cloud_access", "state_access", "local_space", "cloud_space",
          "backup_space", "local_file_system", "cloud_file_system",
          "process_names", "process_detection", "app_running", "paused",
          "lock", "ledger", "journal", "marker", "cloud_complete", "clock", "conflict_copies",
          "placeholders", "unreadable", "secrets_in_cloud", "leftovers",
          "logs", "schedule", "snapshots", "last_sync", "conflicts",
          "next_sync"]

GOOD = ("[process_detection]\nprocess_names = no-such-program\n"
        "grace_period_seconds = 0\n"
        "[filters]\nsecret_globs = auth.json, keys/\n")


class Doctor(MirrorTest):
    def setUp(self):
        super().setUp()
        self.profile(extra=GOOD)

    def doctor(self, code=0, *args):
        """The checks of one run, by id."""
        document = self.expect(code, "doctor", "--json", *args).json()
        checks = {}
        for check in document["checks"]:
            self.assertEqual(
                list(check), ["id", "status", "detail", "remedy"])
            self.assertIn(check["status"], ("pass", "warn", "fail"))
            self.assertNotEqual(check["detail"], "")
            if check["status"] == "pass":
                self.assertIsNone(check["remedy"])
            else:
                self.assertNotEqual(check["remedy"], "")
                self.assertFalse(check["remedy"].endswith("."), check)
            self.assertNotIn(check["id"], checks)
            checks[check["id"]] = check
        failed = [name for name, check in checks.items()
                  if check["status"] == "fail"]
        self.assertEqual(code == 0, not failed, document)
        for name in failed:
            self.assertIn(name, document["message"])
        return checks

    def assert_check(self, name, status, text, code=None):
        if code is None:
            code = 5 if status == "fail" else 0
        check = self.doctor(code)[name]
        self.assertEqual(check["status"], status, check)
        self.assertIn(text, check["detail"])
        return check

    def assert_all_pass(self, checks):
        for name, check in checks.items():
            if EMULATOR and name in ("process_detection", "schedule"):
                continue  # Wine knows neither open files nor tasks
            self.assertEqual(check["status"], "pass", check)

    # -- all is well ---------------------------------------------------------

    def test_a_new_profile(self):
        self.profile(extra=GOOD, verify="require")
        checks = self.doctor()
        self.assertEqual(list(checks), CHECKS)
        self.assert_all_pass(checks)

    def test_after_a_sync(self):
        self.profile(extra=GOOD, verify="require")
        self.put("local", "a.txt", "a")
        self.sync()
        checks = self.doctor()
        self.assertEqual(list(checks), CHECKS)
        self.assert_all_pass(checks)
        self.assertIn("1 entries", checks["ledger"]["detail"])
        self.assertIn("went well", checks["last_sync"]["detail"])

    def test_for_people(self):
        self.profile(extra=GOOD, verify="require")
        run = self.expect(0, "doctor")
        self.assertRegex(run.out, r"(?m)^ok +marker +a new folder")
        self.assertIn(f"{len(CHECKS)} checks: ", run.out)
        if not EMULATOR:
            self.assertIn("all is well", run.out)
        self.assertEqual(run.err, "")
        self.put("cloud", "auth.json", "secret")
        run = self.expect(5, "doctor")
        self.assertRegex(run.out, r"(?m)^FAIL +secrets_in_cloud ")
        self.assertRegex(run.out, r"(?m)^ +-> delete it there")
        self.assertIn("1 check failed: secrets_in_cloud", run.err)
        run = self.expect(5, "-q", "doctor")
        self.assertNotIn("marker", run.out)
        self.assertIn("secrets_in_cloud", run.out)

    def test_by_alias(self):
        document = self.expect(0, "preflight", "--json").json()
        self.assertEqual(document["command"], "doctor")

    def test_quiet(self):
        run = self.expect(0, "-q", "doctor")
        self.assertEqual(run.out + run.err, "")

    def test_all_profiles(self):
        self.profile("other", GOOD)
        run = self.expect(0, "doctor", "--all")
        self.assertIn("== docs ==", run.out)
        self.assertIn("== other ==", run.out)

    # -- the config ----------------------------------------------------------

    def test_bad_config(self):
        self.profile(extra="[sync]\ndirectoin = both\n")
        document = self.expect(4, "doctor", "--json").json()
        self.assertEqual(
            [(c["id"], c["status"]) for c in document["checks"]],
            [("config", "fail"), ("unknown_keys", "fail")])
        self.assertEqual(len(document["problems"]), 1)
        self.assertIn("1 name", document["checks"][1]["detail"])
        # A mistake of another kind is none of those.
        self.profile(extra="[sync]\ndirection = sideways\n")
        document = self.expect(4, "doctor", "--json").json()
        self.assertEqual([c["id"] for c in document["checks"]], ["config"])

    # -- folders -------------------------------------------------------------

    def test_no_local_folder(self):
        os.rmdir(self.local)
        self.assert_check("local_folder", "warn", "there is no folder")
        self.make_dir("local")
        self.put("local", "a", "a")
        self.sync()
        shutil.rmtree(self.local)
        self.assert_check("local_folder", "fail", "local")

    def test_no_cloud_folder(self):
        os.rmdir(self.cloud)
        checks = self.doctor(5)
        self.assertEqual(checks["cloud_folder"]["status"], "fail")
        self.assertNotIn("marker", checks)

    def test_a_file_for_a_folder(self):
        os.rmdir(self.cloud)
        self.write("cloud", "x")
        self.assert_check("cloud_folder", "fail", "cloud")

    def test_other_folders_than_before(self):
        self.put("local", "a", "a")
        self.sync()
        self.local = self.make_dir("elsewhere")
        self.profile(extra=GOOD)
        self.assert_check("folders_differ", "warn", "local")

    def test_local_in_a_cloud_folder(self):
        self.local = self.make_dir("Dropbox", "Vault")
        self.profile(extra=GOOD)
        self.assert_check("local_not_synced", "warn", "Dropbox")

    @unittest.skipUnless(POSIX, "rights as POSIX systems have them")
    def test_without_rights(self):
        """Each place that cannot be read or written is told of by itself."""
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            self.skipTest("root may write everywhere")
        self.make_dir("local", "closed")
        self.put("local", "a", "a")
        self.sync()
        own = {"local_access": self.local, "cloud_access": self.cloud,
               "state_access": self.path("state", "docs"),
               "unreadable": self.path("local", "closed")}
        self.addCleanup(lambda: [os.chmod(p, 0o700) for p in own.values()])
        for name, path in own.items():
            with self.subTest(check=name):
                os.chmod(path, 0 if name == "unreadable" else 0o500)
                checks = self.doctor_without_rights()
                want = "warn" if name == "unreadable" else "fail"
                self.assertEqual(checks[name]["status"], want, checks[name])
                os.chmod(path, 0o700)
                checks = self.doctor_without_rights()
                self.assertEqual(checks[name]["status"], "pass", checks[name])

    def doctor_without_rights(self):
        """What it says to a user whom the home belongs to, and who is not
        root."""
        command = [os.environ["COLDSYNC"]]
        if os.geteuid() == 0:
            program = self.path("coldsync")
            shutil.copy(command[0], program)
            for top, dirs, files in os.walk(self.home):
                for name in ["", *dirs, *files]:
                    os.lchown(os.path.join(top, name), 65534, 65534)
            command = ["setpriv", "--reuid=65534", "--regid=65534",
                       "--clear-groups", program]
        done = subprocess.run(
            [*command, "doctor", "--json"], env=self.environment(),
            cwd=self.home, capture_output=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 5), done.stderr)
        return {check["id"]: check
                for check in json.loads(done.stdout)["checks"]}

    @unittest.skipUnless(shutil.which("unshare") and POSIX
                         and os.geteuid() == 0, "needs to mount")
    def test_processes_hidden(self):
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc || "
             "exit 77; exec \"$@\"", "sh", *self.command("doctor", "--json")],
            env=self.environment(), cwd=self.home, capture_output=True,
            timeout=60, check=False)
        if done.returncode == 77 or done.stderr.startswith(b"unshare:"):
            self.skipTest("may not mount")
        checks = {check["id"]: check
                  for check in json.loads(done.stdout)["checks"]}
        self.assertEqual(checks["process_detection"]["status"], "fail")
        self.assertEqual(checks["app_running"]["status"], "fail")

    @unittest.skipUnless(shutil.which("mount") and POSIX
                         and os.geteuid() == 0, "needs to mount")
    def test_small_and_read_only_disk(self):
        self.put("local", "a", "a")
        self.sync()
        for side, place in (("local", self.local), ("cloud", self.cloud),
                            ("backup", self.path("state", "docs"))):
            with self.subTest(place=side):
                self.on_small_disk(side, place)
        for name, check in self.doctor().items():
            if name.endswith(("_space", "_file_system", "_access")):
                self.assertEqual(check["status"], "pass", check)

    def on_small_disk(self, side, place):
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place],
            capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("may not mount")
        try:
            self.assertEqual(
                self.doctor(5)[side + "_space"]["status"], "fail")
            subprocess.run(["mount", "-o", "remount,ro", place], check=True)
            checks = self.doctor(5)
            where = "state" if side == "backup" else side
            self.assertEqual(checks[where + "_access"]["status"], "fail")
            if side != "backup":
                self.assertEqual(
                    checks[side + "_file_system"]["status"], "fail")
        finally:
            subprocess.run(["umount", place], check=True)

    # -- the application -----------------------------------------------------

    def test_no_process_names(self):
        self.profile()
        check = self.assert_check("process_names", "warn", "no program")
        self.assertIn("process_names", check["remedy"])
        self.profile(extra="[process_detection]\nmatch_open_files = no\n")
        self.assert_check("process_names", "warn", "not be noticed")

    @unittest.skipUnless(POSIX, "open files of others are seen on POSIX")
    def test_app_running(self):
        path = self.put("local", "a.db", "a")
        with open(path, "rb") as file:
            child = subprocess.Popen(["sleep", "60"], stdin=file)
            try:
                self.assert_check("app_running", "warn", "a.db")
            finally:
                child.kill()
                child.wait()

    # -- our own files -------------------------------------------------------

    def test_paused(self):
        self.expect(0, "pause")
        check = self.assert_check("paused", "warn", "paused")
        self.assertIn("coldsync resume", check["remedy"])

    def test_damaged_ledger(self):
        self.put("local", "a", "a")
        self.sync()
        with open(self.path("state/docs/ledger"), "r+b") as file:
            file.seek(40)
            file.write(b"\xff\xff\xff\xff")
        self.assert_check("ledger", "fail", "cannot be read")

    @unittest.skipUnless(POSIX, "flock is for POSIX systems")
    def test_locked(self):
        import fcntl
        self.put("local", "a", "a")
        self.sync()
        with open(self.path("state/docs/lock"), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.lockf(file, fcntl.LOCK_EX)
            self.assert_check("lock", "warn", "at work")

    def test_interrupted(self):
        self.put("local", "a", "a")
        self.sync()
        self.write("state/docs/journal", b"x" * 10)
        self.assert_check("journal", "warn", "interrupted")

    def test_leftovers(self):
        self.put("cloud", "~coldsync-0123456789abcdef00000000.tmp", "x")
        self.assert_check("leftovers", "warn", "~coldsync-0123")

    def test_logs_in_the_way(self):
        logs = self.write("logs", "a file")
        self.profile(extra=GOOD + f"[logging]\ndir = {native(logs)}\n")
        self.assert_check("logs", "warn", "logs")

    def test_snapshots(self):
        self.put("local", "a", "a")
        self.sync()
        self.put("local", "a", "second")
        snapshot = self.sync()["snapshot"]
        self.assert_check("snapshots", "pass", "2, all complete")
        backups = self.path("state/docs/backups")
        with open(os.path.join(backups, snapshot, "cloud", "a"), "w",
                  encoding="utf-8") as file:
            file.write("b")
        check = self.assert_check("snapshots", "fail", "damaged")
        self.assertIn(snapshot, check["detail"])
        shutil.rmtree(os.path.join(backups, snapshot))
        os.mkdir(os.path.join(backups, snapshot + ".partial"))
        self.assert_check("snapshots", "warn", "1 of 2")
        shutil.rmtree(backups)
        self.assert_check("snapshots", "pass", "none yet")

    def test_stale(self):
        self.put("local", "a", "a")
        self.sync()
        history = self.path("state/docs/history.jsonl")
        with open(history, "r", encoding="utf-8") as file:
            text = file.read()
        old = re.sub(r'_unix":(\d+)',
                     lambda m: f'_unix":{int(m[1]) - 30 * 86400}', text)
        with open(history, "w", encoding="utf-8") as file:
            file.write(old)
        self.assert_check("last_sync", "warn", "days ago")
        self.profile(extra=GOOD + "[cloud]\nstale_days = 0\n")
        self.assert_check("last_sync", "pass", "days ago")

    # -- the cloud folder ----------------------------------------------------

    def test_markers(self):
        self.put("local", "a", "a")
        self.sync()
        marker = self.path("cloud", ".coldsync")
        names = [name for name in os.listdir(marker)
                 if name.startswith("id-")]
        os.rename(os.path.join(marker, names[0]),
                  os.path.join(marker, "id-" + "0" * 32))
        self.assert_check("marker", "fail", "another folder")
        os.unlink(os.path.join(marker, "id-" + "0" * 32))
        self.assert_check("marker", "fail", "lost its marker")

    def test_used_by_another_machine(self):
        self.write("cloud/.coldsync/id-" + "1" * 32, "")
        self.assert_check("marker", "pass", "another machine")

    def test_conflict_copies(self):
        self.put("cloud", "a.txt", "a")
        self.put("cloud", "a (conflicted copy 2026-01-02 030405).txt", "b")
        self.put("cloud", "b (conflicted copy 2026-01-02 030405).txt", "b")
        self.put("cloud", "a 2.txt", "a real note")
        check = self.assert_check("conflict_copies", "warn", "1 conflict copy")
        self.assertIn("a (conflicted copy", check["detail"])

    def test_at_work(self):
        self.put("cloud", ".syncthing.a.txt.tmp", "half")
        self.assert_check("placeholders", "warn", "at work")

    def test_placeholder(self):
        self.put("cloud", ".a.txt.icloud", "stub")
        self.assert_check("placeholders", "warn", "online only")

    def test_secrets(self):
        """Also below a folder that is one, in either case, and where the
        filter would not even look."""
        self.put("cloud", "sub/AUTH.json", "x")
        self.put("cloud", "keys/a", "x")
        self.put("cloud", "keys/b", "x")
        self.profile(extra=GOOD + "exclude_globs = sub/\n")
        self.assert_check("secrets_in_cloud", "fail", "2 secrets")

    def test_no_secrets_named(self):
        self.profile(extra="[process_detection]\nprocess_names = x\n")
        self.assert_check("secrets_in_cloud", "warn", "no file is named")

    def test_hostile_names(self):
        if not POSIX:
            self.skipTest("such names are for POSIX systems")
        self.put("cloud", "~coldsync-\x1b[2J\n0123.tmp", "x")
        run = self.expect(0, "doctor")
        self.assertNotIn("\x1b[2J", run.out)
        self.doctor()

    def test_narrow(self):
        if not POSIX:
            self.skipTest("pseudo-terminals are for POSIX systems")
        self.put("cloud", "auth.json", "x")
        run = self.on_terminal("doctor", columns=40)
        for line in run.out.splitlines():
            if not line.startswith(("coldsync: ", "hint: ")):
                self.assertLessEqual(len(line), 60, line)

    # -- the next sync ---------------------------------------------------------

    def second(self):
        """Another machine over the same cloud folder."""
        self.make_dir("second")
        self.write("config/second.ini", (
            "[identity]\nmachine_id = laptop\n[paths]\n"
            f"local_state_dir = {native(self.path('second'))}\n"
            f"cloud_root_dir = {native(self.cloud)}\n"
            f"state_dir = {native(self.path('state', 'second'))}\n"))

    def test_incomplete(self):
        self.second()
        self.put("local", "a.txt", "a")
        self.expect(0, "-p", "docs", "sync", "--apply")
        self.drop("cloud", "a.txt")
        document = self.expect(5, "-p", "second", "doctor", "--json").json()
        checks = {check["id"]: check for check in document["checks"]}
        self.assertEqual(checks["cloud_complete"]["status"], "fail")
        self.assertIn("a.txt", checks["cloud_complete"]["detail"])
        self.assertIn("testbox", checks["cloud_complete"]["detail"])
        self.put("cloud", "a.txt", "a")
        self.expect(0, "-p", "second", "doctor")

    def test_not_verified(self):
        self.assert_check("cloud_complete", "warn", "cloud.verify is off")

    @unittest.skipUnless(POSIX and shutil.which("faketime"), "needs faketime")
    def test_clock(self):
        self.second()
        self.put("local", "a.txt", "a")
        # A sanitizer wants to be loaded first, and so does faketime.
        env = dict(self.environment(),
                   ASAN_OPTIONS="verify_asan_link_order=0")
        done = subprocess.run(
            ["faketime", "+3 days", *self.command(
                "-p", "docs", "sync", "--apply")],
            env=env, cwd=self.home, capture_output=True, timeout=60,
            check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = self.expect(0, "-p", "second", "doctor", "--json").json()
        checks = {check["id"]: check for check in document["checks"]}
        self.assertEqual(checks["clock"]["status"], "warn")
        self.assertRegex(checks["clock"]["detail"],
                         "'testbox' published [23] days from now")

    def test_conflicts(self):
        for at, side in enumerate(("local", "cloud")):
            self.put(side, "a.txt", side, at=at * 100)
        self.assert_check("conflicts", "warn", "1 conflict has")

    def test_too_many_deletes(self):
        for i in range(20):
            self.put("local", f"{i}", "x")
        self.sync()
        for i in range(20):
            self.drop("local", f"{i}")
        self.assert_check("next_sync", "fail", "would be refused: ")

    # -- nothing is touched --------------------------------------------------

    def test_changes_nothing(self):
        self.put("local", "a.txt", "a")
        self.sync()
        self.put("cloud", "auth.json", "x")
        self.put("local", "b.txt", "b")
        before = self.times()
        self.doctor(5)
        self.assertEqual(self.times(), before)

    @unittest.skipUnless(POSIX and shutil.which("strace"), "needs strace")
    def test_no_mutating_call(self):
        """Not one system call that could change a file, and no file of the
        application opened for writing."""
        self.put("local", "a.txt", "a")
        self.sync()
        self.put("local", "sub/b.txt", "b")
        for folder in ("local", "cloud"):
            self.put(folder, "c.txt", folder)
        trace = self.path("trace")
        calls = ("creat,open,openat,openat2,mkdir,mkdirat,mknod,mknodat,rename,"
                 "renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,"
                 "symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,"
                 "chown,fchown,fchownat,lchown,utime,utimes,utimensat,"
                 "futimesat,setxattr,lsetxattr,fsetxattr,removexattr,"
                 "lremovexattr,fremovexattr,fallocate,copy_file_range,"
                 "pwrite64,pwritev,sendfile,splice")
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", trace, "-e", f"trace={calls}",
             *self.command("doctor", "--json")],
            env=self.environment(), cwd=self.home, capture_output=True,
            timeout=60, check=False)
        if "ptrace" in done.stderr.decode():
            self.skipTest("may not trace")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(trace, encoding="utf-8") as file:
            lines = [line.split(None, 1)[1] for line in file
                     if "resumed>" not in line
                     and "/tsan." not in line]  # the sanitizer's own
        # What crontab warns of goes nowhere, by a shell's way of saying so.
        opened = [line for line in lines if line.startswith("open")
                  and '"/dev/null"' not in line]
        self.assertGreater(len(opened), 10)
        self.assertEqual(
            [line for line in lines if not line.startswith("open")
             and not line.startswith(("+++", "---", "exit"))], [])
        for line in opened:
            self.assertNotRegex(
                line, r"O_CREAT|O_TRUNC|O_TMPFILE|O_APPEND", line)
            if "O_WRONLY" in line or "O_RDWR" in line:
                self.assertRegex(line, r"lock|/dev/")


if __name__ == "__main__":
    main()
