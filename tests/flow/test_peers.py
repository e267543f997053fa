"""What others got wrong, measured: each is a test of ours.

Users of mirrors lost work in these ways. The names say how.
"""

import os
import shutil
import subprocess
import sys
import unittest
import zipfile

from harness import POSIX, main, native
from mirror import EPOCH, MirrorTest


class Measured(MirrorTest):
    """Faults that were seen in a mirror of the same kind."""

    def machine(self, name):
        """Another machine on the same cloud folder; its local folder."""
        self.make_dir(name)
        self.write(f"config/{name}.ini", (
            f"[identity]\nmachine_id = {name}\n[paths]\n"
            f"local_state_dir = {native(self.path(name))}\n"
            f"cloud_root_dir = {native(self.cloud)}\n"
            f"state_dir = {native(self.path('state', name))}\n"))
        return name

    def sync_on(self, name, code=0, *options):
        return self.document(code, "-p", name, "sync", "--apply", *options)

    def test_one_baseline_for_all_machines(self):
        """B's untouched older file does not overwrite A's newer one."""
        for name in ("desk", "lap"):
            self.machine(name)
        self.put("desk", "notes", "first", at=100)
        self.sync_on("desk")
        self.sync_on("lap")
        os.utime(self.path("lap/notes"), (EPOCH + 500, EPOCH + 500))
        self.put("desk", "notes", "second", at=200)
        self.sync_on("desk")
        self.sync_on("lap")
        self.assertEqual(self.tree("lap"), {"notes": "second"})
        self.assertEqual(self.tree("cloud"), {"notes": "second"})

    def test_deleted_files_come_back(self):
        for name in ("desk", "lap"):
            self.machine(name)
        self.put("desk", "old", "to go")
        self.put("desk", "kept", "to stay")
        self.sync_on("desk")
        self.sync_on("lap")
        self.drop("desk", "old")
        for name in ("desk", "lap", "desk", "lap"):
            self.sync_on(name)
        for side in ("desk", "lap", "cloud"):
            self.assertEqual(self.tree(side), {"kept": "to stay"})

    def test_a_renamed_file_comes_back(self):
        """What was renamed, and then deleted on the other side, stays gone."""
        self.put("local", "old", "some content")
        self.put("local", "other", "other content")
        self.sync()
        os.rename(self.path("local/old"), self.path("local/new"))
        self.sync()
        self.drop("cloud", "new")
        self.sync()
        self.assert_trees({"other": "other content"})

    def test_no_baseline_and_newer_wins(self):
        """Without a memory a difference is a conflict, whatever the times."""
        self.put("local", "a", "older", at=100)
        self.put("cloud", "a", "newer", at=900)
        document = self.sync(2)
        self.assertEqual(
            [(c["path"], c["kind"], c["resolution"])
             for c in document["conflicts"]], [("a", "both_created", None)])
        self.assert_trees({"a": "older"}, {"a": "newer"})

    def test_a_lost_baseline_deletes_nothing(self):
        self.put("local", "a", "1")
        self.put("local", "b", "2")
        self.sync()
        self.drop("cloud", "b")
        self.put("local", "a", "3", at=100)
        os.unlink(self.path("state/docs/ledger"))
        self.sync(2, "--policy", "manual_skip")
        self.assert_trees({"a": "3", "b": "2"}, {"a": "1", "b": "2"})

    def test_a_damaged_baseline_deletes_nothing(self):
        self.put("local", "a", "1")
        self.put("local", "b", "2")
        self.sync()
        self.drop("cloud", "b")
        path = self.path("state/docs/ledger")
        with open(path, "r+b") as ledger:
            ledger.seek(os.path.getsize(path) - 1)
            last = ledger.read(1)
            ledger.seek(-1, os.SEEK_CUR)
            ledger.write(bytes([last[0] ^ 1]))
        document = self.sync()
        self.assertIn("ledger", " ".join(document["notes"]))
        self.assert_trees({"a": "1", "b": "2"})

    def test_same_size_and_time(self):
        """Other content of the same size and time is seen: by the change time
        where there is one, by content where everything is read."""
        path = self.put("local", "a", "aaaa", at=100)
        self.sync()
        with open(path, "r+b") as file:
            file.write(b"bbbb")
        os.utime(path, (EPOCH + 100, EPOCH + 100))
        options = () if POSIX else ("--set", "sync.compare=hash")
        self.sync(0, *options)
        self.assert_trees({"a": "bbbb"})

    def test_a_file_against_a_directory(self):
        self.put("local", "a", "a file")
        self.put("cloud", "a/inside", "in a directory")
        self.put("local", "z", "goes over all the same")
        document = self.sync(2, "--policy", "manual_skip")
        self.assertEqual([c["kind"] for c in document["conflicts"]],
                         ["type_changed"])
        self.assert_trees(
            {"a": "a file", "z": "goes over all the same"},
            {"a": None, "a/inside": "in a directory",
             "z": "goes over all the same"})
        self.sync(0, "--policy", "keep_both")
        self.assertEqual(self.tree("local"), self.tree("cloud"))
        self.assertEqual(sorted(v for v in self.tree("local").values() if v),
                         ["a file", "goes over all the same",
                          "in a directory"])

    def test_an_empty_list_uploads_secrets(self):
        self.profile(extra="[filters]\nsecret_globs = auth.json\n"
                     "[targets]\ninclude_roots =\n")
        self.put("local", "auth.json", "a password")
        self.put("local", "deep/auth.json", "another")
        self.put("local", "config", "no secret")
        self.sync()
        self.assertEqual(self.tree("cloud"),
                         {"config": "no secret", "deep": None})

    def test_a_glob_misses_deeper_levels(self):
        self.profile(extra="[filters]\nexclude_globs = **/cache/**\n")
        for name in ("cache/a", "x/cache/b", "x/y/cache/z/c", "kept"):
            self.put("local", name, name)
        self.sync()
        self.assertEqual(
            {name for name, content in self.tree("cloud").items()
             if content is not None}, {"kept"})

    def test_usage_looks_like_a_conflict(self):
        self.expect(4, "sync", "--no-such-option")
        self.expect(4, "sync", "--apply", "--dry-run")

    def test_an_archive_of_many_files(self):
        """Every displaced file once, and in one pass."""
        self.profile(extra="[backup]\ncompression = zip\n")
        for i in range(300):
            self.put("local", f"d{i % 7}/{i}", f"first {i}")
        self.sync()
        for i in range(300):
            self.put("local", f"d{i % 7}/{i}", f"other {i}", at=i)
        snapshot = self.sync()["snapshot"]
        path = self.path("state/docs/backups", snapshot + ".zip")
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            self.assertEqual(len(names), len(set(names)))
            for i in range(300):
                self.assertEqual(archive.read(f"cloud/d{i % 7}/{i}").decode(),
                                 f"first {i}")


@unittest.skipUnless(sys.platform == "linux" and POSIX, "looks into /proc")
class Running(MirrorTest):
    """Whether the application is running."""

    def process(self, name, *arguments):
        """Something that sleeps under that name, until the test ends."""
        path = self.path("bin", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copy(shutil.which("sleep"), path)
        child = subprocess.Popen([path, "60", *arguments],
                                 cwd=self.home)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def watch_for(self, name):
        self.profile(extra=f"[process_detection]\nprocess_names = {name}\n"
                           "grace_period_seconds = 0\n")
        self.put("local", "a", "1")

    def test_a_name_longer_than_the_kernel_tells(self):
        self.watch_for("a-sixteen-letter")
        self.process("a-sixteen-letter")
        self.expect(3, "sync", "--apply")
        self.assertEqual(self.tree("cloud"), {})

    def test_the_beginning_of_a_name_is_not_the_name(self):
        self.watch_for("a-sixteen-letter")
        self.process("a-sixteen-letter-helper")
        self.sync()

    def test_a_name_in_an_argument_is_not_running(self):
        """An editor with one of the application's files open."""
        self.watch_for("coldsync-tested-app")
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)",
             "/opt/coldsync-tested-app/coldsync-tested-app"])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        self.sync()


class Reported(MirrorTest):
    """What users of other tools suffer from."""

    def fill(self, n=12):
        for i in range(n):
            self.put("local", f"f{i}", f"content {i}")
        self.sync()

    def test_an_empty_side_wipes_the_other(self):
        self.fill()
        was = self.tree("cloud")
        for i in range(12):
            self.drop("local", f"f{i}")
        self.expect(5, "sync", "--apply")
        self.assertEqual(self.tree("cloud"), was)
        self.sync(0, "--allow-deletes")
        self.assert_trees({})

    def test_an_unmounted_folder(self):
        self.fill()
        os.rename(self.cloud, self.path("elsewhere"))
        self.expect(5, "sync", "--apply")
        os.mkdir(self.cloud)
        self.expect(5, "sync", "--apply")
        self.assertEqual(len(self.tree("local")), 12)

    def test_another_folder_of_that_name(self):
        """A marker made by hand or by another pair is not ours."""
        self.fill()
        shutil.rmtree(self.path("cloud/.coldsync"))
        self.write("cloud/.coldsync/id-" + "0" * 32, "")
        for i in range(12):
            self.drop("cloud", f"f{i}")
        self.expect(5, "sync", "--apply")
        self.assertEqual(len(self.tree("local")), 12)

    def test_too_many_deletions(self):
        self.fill(20)
        for i in range(11):
            self.drop("cloud", f"f{i}")
        self.expect(5, "sync", "--apply")
        self.assertEqual(len(self.tree("local")), 20)

    def test_a_renamed_directory_is_no_deletion(self):
        for i in range(20):
            self.put("local", f"old/f{i}", f"content {i}")
        self.sync()
        os.rename(self.path("local/old"), self.path("local/new"))
        document = self.sync()
        self.assertEqual({a["op"] for a in document["actions"]
                          if a["type"] == "file"}, {"move"})
        self.assertEqual(self.tree("local"), self.tree("cloud"))

    def test_keep_both_makes_a_copy_every_run(self):
        self.put("local", "a.txt", "here", at=100)
        self.put("cloud", "a.txt", "there", at=200)
        self.sync(0, "--policy", "keep_both")
        for _ in range(3):
            self.sync(0, "--policy", "keep_both")
        self.assertEqual(len(self.tree("local")), 2)

    def test_rounded_times_are_conflicts(self):
        """A client that rounds times, or shifts them by an hour."""
        path = self.put("local", "a", "1")
        os.utime(path, ns=(EPOCH * 10**9 + 1, EPOCH * 10**9 + 123456789))
        self.sync()
        for seconds in (0, 3600):
            os.utime(self.path("cloud/a"), (EPOCH + seconds, EPOCH + seconds))
            document = self.sync()
            self.assertEqual((document["actions"], document["conflicts"]),
                             ([], []))

    def test_a_filter_is_taken_for_deletions(self):
        self.put("local", "a", "1")
        self.put("local", "b", "2")
        self.sync()
        self.profile(extra="[filters]\nexclude_globs = b\n")
        self.sync()
        self.assert_trees({"a": "1", "b": "2"})
        self.profile()
        self.sync()
        self.assert_trees({"a": "1", "b": "2"})

    def test_a_database_and_its_log_are_parted(self):
        self.put("local", "app.db", "base", at=1)
        self.put("local", "app.db-wal", "log", at=1)
        self.sync()
        self.put("local", "app.db", "base, here", at=5)
        self.put("cloud", "app.db-wal", "log, there", at=6)
        document = self.sync(2, "--policy", "manual_skip")
        self.assertEqual([c["kind"] for c in document["conflicts"]], ["group"])
        self.assert_trees({"app.db": "base, here", "app.db-wal": "log"},
                          {"app.db": "base", "app.db-wal": "log, there"})
        self.sync(0, "--policy", "prefer_local")
        self.assert_trees({"app.db": "base, here", "app.db-wal": "log"})

    @unittest.skipUnless(sys.platform == "linux" and POSIX,
                         "where names differ by case")
    def test_a_change_of_case_deletes(self):
        self.put("local", "Notes", "some content")
        self.sync()
        os.rename(self.path("local/Notes"), self.path("local/NOTES"))
        self.sync()
        self.assert_trees({"NOTES": "some content"})


if __name__ == "__main__":
    main()
