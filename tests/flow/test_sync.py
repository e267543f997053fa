"""sync, pull, push: both folders come to the same state, and nothing is lost."""

import os
import shutil
import unittest

from harness import POSIX, WINDOWS, main, native
from mirror import MirrorTest


class BothWays(MirrorTest):
    def test_new_on_either_side(self):
        self.put("local", "a", "1")
        self.put("local", "d/e/f", "2")
        self.put("cloud", "b", "3")
        self.make_dir("cloud", "empty")
        document = self.sync()
        self.assert_trees(
            {"a": "1", "d": None, "d/e": None, "d/e/f": "2", "b": "3",
             "empty": None})
        self.assertEqual(document["result"], "ok")
        self.assertIs(document["applied"], True)
        self.assertRegex(document["run_id"], r"\A\d{8}T\d{6}Z-[0-9a-f]{4}\Z")
        self.assertEqual({a["status"] for a in document["actions"]},
                         {"done"})
        self.assertEqual(document["summary"]["to_cloud"], 4)
        self.assertEqual(document["summary"]["to_local"], 2)
        self.assert_quiet()

    def test_as_text(self):
        self.put("local", "a", "1")
        run = self.expect(0, "sync", "--apply")
        self.assertRegex(run.out, (
            r"\ATo the cloud folder\n  copy  a  1 B  new\n\n"
            r"done: 1 file \(1 B\) to the cloud\n\Z"))
        self.assertEqual(run.err, "")
        self.put("local", "a", "22")
        run = self.expect(0, "sync", "--apply")
        self.assertRegex(run.out, (
            r"\ATo the cloud folder\n  copy  a  2 B  changed\n\n"
            r"what was there before is kept in snapshot \S+-testbox-\S+\n\n"
            r"done: 1 file \(2 B\) to the cloud\n\Z"))
        self.assertEqual(self.expect(0, "sync", "-y").out, "nothing to do\n")

    def test_edits(self):
        self.put("local", "a", "1")
        self.put("local", "b", "1")
        self.sync()
        self.put("local", "a", "local edit")
        self.put("cloud", "b", "cloud edit")
        document = self.sync()
        self.assert_trees({"a": "local edit", "b": "cloud edit"})
        self.assertEqual({a["reason"] for a in document["actions"]},
                         {"changed"})
        self.assertEqual(self.kept(), [("cloud/a", "1"), ("local/b", "1")])
        self.assert_quiet()

    def test_deletions(self):
        for name in ("a", "d/b", "d/c", "e"):
            self.put("local", name, name)
        self.sync()
        self.drop("local", "a")
        shutil.rmtree(self.path("cloud", "d"))
        document = self.sync()
        self.assert_trees({"e": "e"})
        self.assertEqual(document["summary"]["delete_cloud"], 1)
        self.assertEqual(document["summary"]["delete_local"], 3)
        self.assertEqual(
            self.kept(),
            [("cloud/a", "a"), ("local/d/b", "d/b"), ("local/d/c", "d/c")])
        self.assert_quiet()

    def test_a_move(self):
        self.put("local", "a", "content of some length")
        self.sync()
        os.rename(self.path("local/a"), self.path("local/b"))
        document = self.sync()
        self.assert_trees({"b": "content of some length"})
        self.assertEqual(
            [(a["op"], a["from"], a["path"]) for a in document["actions"]],
            [("move", "a", "b")])
        self.assertEqual(document["summary"]["bytes_to_cloud"], 0)
        self.assert_quiet()

    def test_a_touch_is_no_change(self):
        self.put("local", "a", "1")
        self.sync()
        self.put("local", "a", "1", at=99)
        self.assertEqual(self.sync()["actions"], [])

    def test_the_same_edit_on_both_sides(self):
        self.put("local", "a", "1")
        self.sync()
        self.put("local", "a", "2", at=1)
        self.put("cloud", "a", "2", at=9)
        self.assertEqual(self.sync()["actions"], [])
        self.assert_quiet()

    def test_a_file_becomes_a_folder(self):
        self.put("local", "a", "1")
        self.put("local", "b/c", "1")
        self.sync()
        self.drop("local", "a")
        self.put("local", "a/x", "2")
        shutil.rmtree(self.path("local/b"))
        self.put("local", "b", "3")
        self.sync()
        self.assert_trees({"a": None, "a/x": "2", "b": "3"})
        self.assert_quiet()

    def test_many_and_large(self):
        for i in range(300):
            self.put("local", f"d{i % 7}/file{i}", str(i) * 10)
        self.put("cloud", "large", b"0123456789abcdef" * 500000)
        for threads in ("1", "8"):
            with self.subTest(threads=threads):
                self.sync(0, "--threads", threads)
                self.assertEqual(self.tree("local"), self.tree("cloud"))
                self.put("local", "d1/file1", "again" + threads)
        self.sync()
        self.assert_quiet()

    def test_times_and_modes_come_along(self):
        path = self.put("local", "tool", "#!/bin/sh\n", at=12345)
        os.chmod(path, 0o750)
        self.sync()
        there = os.stat(self.path("cloud/tool"))
        self.assertEqual(int(there.st_mtime), int(os.stat(path).st_mtime))
        if POSIX:
            self.assertTrue(there.st_mode & 0o100)

    @unittest.skipUnless(POSIX, "permission bits are for POSIX systems")
    @unittest.skipIf(POSIX and os.geteuid() == 0, "root may read all")
    def test_unreadable(self):
        self.put("local", "a", "1")
        secret = self.put("local", "b", "2")
        os.chmod(secret, 0)
        document = self.sync(1)
        self.assertEqual(document["result"], "partial")
        self.assertEqual(self.tree("cloud"), {"a": "1"})
        self.assertIn("could not be", self.expect(1, "sync", "-y").err)
        os.chmod(secret, 0o600)
        self.sync()
        self.assert_trees({"a": "1", "b": "2"})

    @unittest.skipUnless(POSIX, "permission bits are for POSIX systems")
    @unittest.skipIf(POSIX and os.geteuid() == 0, "root may write all")
    def test_where_nothing_can_be_written(self):
        self.put("local", "a", "1")
        self.put("local", "d/b", "1")
        self.sync()
        self.put("local", "a", "2")
        self.put("local", "d/b", "2")
        os.chmod(self.path("cloud/d"), 0o500)
        document = self.sync(1)
        os.chmod(self.path("cloud/d"), 0o700)
        self.assertEqual(document["result"], "partial")
        self.assertEqual(document["summary"]["failed"], 1)
        self.assertEqual(document["summary"]["to_cloud"], 1)
        failed = [a for a in document["actions"] if a["status"] == "failed"]
        self.assertEqual([a["path"] for a in failed], ["d/b"])
        self.assertNotEqual(failed[0]["error"], "")
        self.assertEqual(self.tree("cloud")["a"], "2")
        self.assertEqual(self.tree("cloud")["d/b"], "1")
        self.sync()
        self.assertEqual(self.tree("cloud")["d/b"], "2")
        self.assert_quiet()

    def test_names_the_cloud_cannot_hold(self):
        self.profile(extra="[cloud]\nprovider = onedrive\n")
        self.put("local", "aux.txt", "1")
        self.put("local", "b", "2")
        # The provider is told of, and decides nothing.
        document = self.sync(0)
        self.assertEqual(len(document["notes"]), 1)
        self.assertIn("OneDrive", document["notes"][0])
        self.assertIn("aux.txt", document["notes"][0])
        self.assertEqual(self.tree("cloud"), {"aux.txt": "1", "b": "2"})

    def test_no_place_for_the_log(self):
        self.profile(extra=(
            f"[logging]\ndir = {native(self.path('logs'))}\n"))
        self.write("logs", "a file where a directory should be")
        self.put("local", "a", "1")
        run = self.expect(0, "sync", "-y")
        self.assertRegex(run.err, r"\Awarning: .*logs")
        self.assert_trees({"a": "1"})

    def test_quiet(self):
        self.put("local", "a", "1")
        run = self.expect(0, "sync", "-y", "-q")
        self.assertEqual(run.out + run.err, "")
        self.put("local", "a", "22")
        self.put("cloud", "a", "333")
        run = self.expect(2, "sync", "-y", "-q")
        self.assertEqual(run.out, "")
        self.assertIn("a: changed on both sides", run.err)


class NothingKept(MirrorTest):
    """backup.backup_before_overwrite = no."""

    form = "none"
    limit = ""

    def command(self, *args):
        if self.limit == "":
            return super().command(*args)
        return ["sh", "-c", f'{self.limit} exec "$@"', "sh",
                *super().command(*args)]

    def setUp(self):
        super().setUp()
        self.put("local", "a", "1")
        self.put("local", "gone", "2")
        self.sync()
        self.before = self.snapshots()
        self.profile(extra="[backup]\nbackup_before_overwrite = no\n"
                     "i_accept_data_loss = yes\n"
                     f"compression = {self.form}\n")

    def snapshots(self):
        return sorted(os.listdir(self.path("state/docs/backups")))

    def displace(self):
        self.put("local", "a", "1, edited")
        self.drop("local", "gone")
        self.put("cloud", "new", "3")

    def test_when_it_ends_well(self):
        self.displace()
        document = self.sync()
        self.assertIsNone(document["snapshot"])
        self.assert_trees({"a": "1, edited", "new": "3"})
        self.assertEqual(self.snapshots(), self.before)
        self.assertEqual(self.kept(), [])
        runs = self.expect(0, "history", "--json").json()["history"]
        self.assertEqual([run["snapshot"] for run in runs
                          if run["run_id"] == document["run_id"]], [None])
        run = self.expect(1, "undo", "--apply")
        self.assertIn("cannot be undone", run.err)
        self.assert_trees({"a": "1, edited", "new": "3"})
        self.assert_quiet()

    def test_who_loses_a_conflict_is_lost(self):
        self.put("local", "a", "mine")
        self.put("cloud", "a", "theirs")
        document = self.sync(0, "--policy", "prefer_local")
        self.assertIsNone(document["snapshot"])
        self.assert_trees({"a": "mine", "gone": "2"})
        self.assertEqual(self.kept(), [])

    @unittest.skipUnless(POSIX, "needs a limit on the size of files")
    def test_when_a_path_fails(self):
        self.displace()
        self.put("local", "large", "x" * 300000)
        self.limit = "trap '' XFSZ; ulimit -f 200;"
        document = self.sync(1)
        self.limit = ""
        if self.form == "none":
            self.assertEqual(self.kept(), [("cloud/a", "1"),
                                           ("cloud/gone", "2")])
        self.assertIn(document["snapshot"],
                      [name.split(".")[0] for name in self.snapshots()])

    def test_a_restore_keeps_all_the_same(self):
        self.expect(0, "backups", "create")
        self.put("local", "a", "1, edited")
        document = self.document(0, "restore", "--apply", "a")
        self.assertIn(document["snapshot"],
                      [name.split(".")[0] for name in self.snapshots()])
        self.assertEqual(self.tree("local")["a"], "1")


class NothingKeptAsZip(NothingKept):
    form = "zip"


@unittest.skipUnless(POSIX, "needs a limit on the size of files")
class TooLarge(MirrorTest):
    """One file cannot be written; the rest can."""

    limit = ""

    def command(self, *args):
        return ["sh", "-c", f'{self.limit} exec "$@"', "sh",
                *super().command(*args)]

    def test_the_rest_is_done(self):
        self.put("local", "large", "x" * 300000)
        self.put("local", "small", "1")
        self.put("cloud", "d/other", "2")
        self.limit = "trap '' XFSZ; ulimit -f 200;"
        document = self.sync(1)
        self.assertEqual(document["result"], "partial")
        self.assertEqual(
            {a["path"]: a["status"] for a in document["actions"]},
            {"large": "failed", "small": "done", "d": "done",
             "d/other": "done"})
        self.assertEqual(document["summary"]["failed"], 1)
        self.assertEqual(document["message"], "1 path could not be synced")
        self.assertEqual(self.tree("cloud"),
                         {"small": "1", "d": None, "d/other": "2"})
        run = self.expect(1, "sync", "-y")
        self.assertRegex(run.out, r"Failed\n  large: .*File too large")
        self.limit = ""
        self.sync()
        self.assertEqual(self.tree("local"), self.tree("cloud"))
        self.assert_quiet()


class Conflicts(MirrorTest):
    """The cloud's version is the newer one."""

    def setUp(self):
        super().setUp()
        self.put("local", "n.md", "base")
        self.put("local", "other", "1")
        self.sync()
        self.put("local", "n.md", "mine", at=100)
        self.put("cloud", "n.md", "theirs", at=200)
        self.put("local", "other", "22")

    def test_manual_abort(self):
        before = self.times()
        document = self.sync(2)
        self.assertEqual(document["result"], "conflict")
        self.assertIs(document["applied"], False)
        self.assertIsNone(document["snapshot"])
        self.assertEqual([a["status"] for a in document["actions"]],
                         ["skipped"])
        self.assertEqual(document["summary"]["conflicts"], 1)
        after = self.times()
        for path, facts in before.items():
            if path.startswith((self.local, self.cloud)):
                self.assertEqual(after[path], facts)

    def test_manual_skip(self):
        document = self.sync(2, "--policy", "manual_skip")
        self.assertIs(document["applied"], True)
        self.assert_trees({"n.md": "mine", "other": "22"},
                          {"n.md": "theirs", "other": "22"})
        self.assertEqual(self.document(2, "plan")["actions"], [])

    def test_a_side_wins(self):
        for turn, (policy, side) in enumerate((
                ("prefer_local", "local"), ("prefer_cloud", "cloud"),
                ("prefer_newer_mtime", "cloud"))):
            with self.subTest(policy=policy):
                mine, theirs = f"mine {turn}", f"theirs {turn}"
                self.put("local", "n.md", mine, at=300)
                self.put("cloud", "n.md", theirs, at=400)
                document = self.sync(0, "--policy", policy)
                self.assertEqual(
                    document["conflicts"][0]["resolution"], side)
                local = side == "local"
                self.assert_trees({"n.md": mine if local else theirs,
                                   "other": "22"})
                self.assertIn(("cloud/n.md", theirs) if local
                              else ("local/n.md", mine), self.kept())
                self.assert_quiet()

    def test_keep_both(self):
        document = self.sync(0, "--policy", "keep_both")
        action = [a for a in document["actions"] if a["op"] == "keep_both"]
        self.assertEqual(len(action), 1)
        self.assertEqual(action[0]["to"], "both")
        copy = action[0]["copy"]
        self.assertRegex(copy, r"\An\.conflict-\d{8}-\d{6}-testbox\.md\Z")
        self.assert_trees({"n.md": "theirs", copy: "mine", "other": "22"})
        self.assertEqual(document["conflicts"][0]["resolution"], "both")
        self.assert_quiet()

    def test_an_edit_against_a_deletion(self):
        self.drop("cloud", "n.md")
        document = self.sync(2, "--policy", "manual_skip")
        self.assertEqual(document["conflicts"][0]["kind"],
                         "modified_deleted")
        self.assertIsNone(document["conflicts"][0]["cloud"])
        self.sync(0, "--policy", "keep_both")
        self.assert_trees({"n.md": "mine", "other": "22"})
        self.assert_quiet()

    def test_in_the_config(self):
        self.profile(extra="[conflict]\npolicy = prefer_newer_mtime\n")
        self.sync()
        self.assert_trees({"n.md": "theirs", "other": "22"})

    def test_a_log_that_grew_on_both_sides(self):
        self.profile(extra="[conflict]\nappend_merge = *.jsonl\n"
                           "policy = manual_skip\n")
        self.put("local", "h.jsonl", "a\n")
        self.sync(2)
        self.put("local", "h.jsonl", "a\nb\n")
        self.put("cloud", "h.jsonl", "a\nc\n")
        document = self.sync(2)
        self.assertEqual(document["summary"]["merged"], 1)
        self.assertEqual(self.tree("local")["h.jsonl"], "a\nc\nb\n")
        self.assertEqual(self.tree("cloud")["h.jsonl"], "a\nc\nb\n")

    def test_a_database_is_whole(self):
        self.profile(extra="[conflict]\npolicy = manual_skip\n")
        for name in ("x.db", "x.db-wal"):
            self.put("local", name, "base" + name)
        self.sync(2)
        self.put("local", "x.db", "mine")
        self.put("cloud", "x.db-wal", "theirs")
        document = self.sync(2)
        group = [c for c in document["conflicts"] if c["group"]]
        self.assertEqual([c["group"] for c in group], ["x.db"])
        self.assertEqual(self.tree("cloud")["x.db"], "basex.db")
        self.assertEqual(self.tree("local")["x.db-wal"], "basex.db-wal")


class OneWay(MirrorTest):
    def test_pull(self):
        self.put("local", "mine", "1")
        self.put("cloud", "theirs", "2")
        document = self.document(0, "pull")
        self.assert_trees({"mine": "1", "theirs": "2"}, {"theirs": "2"})
        self.assertEqual(document["command"], "pull")
        self.assertEqual(document["skipped"], [
            {"path": "mine", "side": "local", "reason": "direction"}])

    def test_push(self):
        self.put("local", "mine", "1")
        self.put("cloud", "theirs", "2")
        document = self.document(0, "push")
        self.assert_trees({"mine": "1"}, {"mine": "1", "theirs": "2"})
        self.assertEqual(document["command"], "push")
        self.sync()
        self.assert_trees({"mine": "1", "theirs": "2"})
        self.assert_quiet()

    def test_beats_the_config(self):
        self.profile(extra="[sync]\ndirection = to_cloud\n")
        self.put("cloud", "theirs", "2")
        self.sync()
        self.assert_trees({}, {"theirs": "2"})
        self.document(0, "pull")
        self.assert_trees({"theirs": "2"})

    def test_direction(self):
        self.put("local", "mine", "1")
        self.put("cloud", "theirs", "2")
        self.sync(0, "--direction", "to_local")
        self.assert_trees({"mine": "1", "theirs": "2"}, {"theirs": "2"})

    def test_dry_run(self):
        self.put("local", "a", "1")
        before = self.times()
        for command in ("push", "sync"):
            document = self.document(0, command, "--dry-run")
            self.assertEqual(document["actions"][0]["status"], "planned")
            self.assertIsNone(document["run_id"])
        self.assertEqual(self.times(), before)

    def test_deletions_do_not_come_back(self):
        self.put("local", "a", "1")
        self.put("local", "b", "1")
        self.sync()
        self.drop("local", "a")
        self.document(0, "pull")
        self.assert_trees({"b": "1"}, {"a": "1", "b": "1"})
        self.document(0, "push")
        self.assert_trees({"b": "1"})


class ByFolder(MirrorTest):
    def test_its_profile(self):
        self.put("local", "a", "1")
        self.make_dir("elsewhere")
        self.write("config/other.ini", "[paths]\nlocal_state_dir = "
                   f"{native(self.path('elsewhere'))}\ncloud_root_dir = "
                   f"{native(self.path('nowhere'))}\n")
        self.write("config/broken.ini", "[nonsense\n")
        document = self.document(0, "push", "--folder", native(self.local))
        self.assertEqual(document["profile"], "docs")
        self.assert_trees({"a": "1"})
        # However it is spelled.
        self.put("local", "a", "2")
        self.expect(0, "push", "--folder", "local/../local/", "-q")
        self.assert_trees({"a": "2"})
        if POSIX:
            os.symlink("local", self.path("alias"))
            self.put("local", "a", "3")
            self.expect(0, "push", "--folder", "alias")
            self.assert_trees({"a": "3"})

    def test_none(self):
        for command in ("pull", "push"):
            run = self.expect(0, command, "--folder", native(self.cloud))
            self.assertEqual(run.out + run.err, "")
            document = self.document(
                0, command, "--folder", native(self.path("no/such")))
            self.assertIsNone(document["profile"])
            self.assertEqual(document["actions"], [])

    def test_several(self):
        self.write("config/twin.ini", "[paths]\nlocal_state_dir = "
                   f"{native(self.local)}\ncloud_root_dir = "
                   f"{native(self.path('nowhere'))}\n")
        run = self.expect(4, "pull", "--folder", native(self.local))
        self.assertIn("'docs'", run.err)
        self.assertIn("'twin'", run.err)

    def test_one_with_mistakes(self):
        self.profile(extra="[sync]\ndirection = sideways\n")
        self.expect(4, "pull", "--folder", native(self.local))

    def test_contradictions(self):
        for option in (("--all",), ("-p", "docs"), ("-c", "x.ini")):
            self.expect(4, *option, "pull", "--folder", native(self.local))


class Guards(MirrorTest):
    def fill(self, n):
        for i in range(n):
            self.put("local", f"f{i:02}", str(i))
        self.sync()

    def test_too_many_deletions(self):
        self.fill(20)
        for i in range(15):
            self.drop("cloud", f"f{i:02}")
        before = self.tree("local")
        document = self.sync(5)
        self.assertEqual(document["result"], "refused")
        self.assertEqual(document["summary"]["delete_local"], 15)
        self.assertIs(document["applied"], False)
        self.assertEqual(self.tree("local"), before)
        run = self.expect(5, "sync", "-y")
        self.assertIn("15 of 20", run.err)
        self.assertIn("--allow-deletes", run.err)
        self.document(5, "plan")
        self.document(5, "pull")
        self.sync(0, "--allow-deletes")
        self.assertEqual(len(self.tree("local")), 5)
        self.assert_quiet()

    def test_an_empty_side(self):
        self.fill(3)
        for i in range(3):
            self.drop("local", f"f{i:02}")
        document = self.sync(5)
        self.assertIn("empty", document["message"])
        self.assertEqual(len(self.tree("cloud")), 3)
        self.document(0, "push", "--allow-deletes")
        self.assert_trees({})

    def test_the_marker_is_gone(self):
        self.fill(3)
        shutil.rmtree(self.path("cloud/.coldsync"))
        self.put("local", "more", "1")
        before = self.times()
        document = self.sync(5)
        self.assertEqual(document["result"], "refused")
        self.assertIn("marker", document["message"])
        for path, facts in self.times().items():
            if path.startswith((self.local, self.cloud)):
                self.assertEqual(before[path], facts)
        self.assertIn("--accept-cloud", self.expect(5, "sync", "-y").err)
        self.sync(0, "--accept-cloud")
        self.assertIn("more", self.tree("cloud"))
        self.assert_quiet()

    def test_another_cloud_folder(self):
        self.fill(3)
        marker = os.path.join(self.cloud, ".coldsync")
        for name in os.listdir(marker):
            if name.startswith("id-"):
                os.rename(os.path.join(marker, name), os.path.join(
                    marker, "id-" + "0" * (len(name) - 3)))
        self.assertIn("not known here", self.sync(5)["message"])

    def test_the_cloud_folder_is_not_mounted(self):
        self.fill(3)
        shutil.rmtree(self.cloud)
        self.sync(5)
        self.assertFalse(os.path.exists(self.cloud))
        os.mkdir(self.cloud)
        self.sync(5)
        self.assertEqual(len(self.tree("local")), 3)

    def test_the_local_folder_is_gone(self):
        self.fill(3)
        shutil.rmtree(self.local)
        self.sync(5)
        self.assertEqual(len(self.tree("cloud")), 3)

    def test_a_lost_ledger_deletes_nothing(self):
        self.fill(3)
        shutil.rmtree(self.state)
        self.drop("local", "f00")
        self.put("cloud", "f01", "else", at=5)
        document = self.sync(2)
        self.assertEqual([c["path"] for c in document["conflicts"]],
                         ["f01"])
        self.sync(2, "--policy", "manual_skip")
        self.assertEqual(self.tree("local")["f00"], "0")


class Paused(MirrorTest):
    def test_nothing_is_done(self):
        self.put("local", "a", "1")
        self.expect(0, "pause")
        before = self.times()
        for args in (("sync", "-y"), ("sync", "--dry-run"), ("pull",),
                     ("push",)):
            with self.subTest(args=args):
                run = self.expect(0, *args)
                self.assertIn("paused", run.out)
                document = self.document(0, *args)
                self.assertEqual(document["result"], "paused")
                self.assertEqual(document["actions"], [])
                self.assertIsNone(document["run_id"])
                self.assertEqual(
                    self.expect(0, *args, "-q").out, "")
        self.assertEqual(self.times(), before)
        self.expect(0, "resume")
        self.sync()
        self.assert_trees({"a": "1"})


class Asking(MirrorTest):
    def test_nobody_there(self):
        self.put("local", "a", "1")
        run = self.expect(4, "sync")
        self.assertIn("--dry-run", run.err)
        self.assertIn("--apply", run.err)
        self.expect(4, "sync", "--json")
        self.expect(4, "sync", "--dry-run", "--apply")
        self.expect(4, "sync", "--all")
        self.assert_trees({"a": "1"}, {})

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_yes(self):
        self.put("local", "a", "1")
        run = self.on_terminal("sync", answers=["y"])
        self.assertEqual(run.code, 0, run)
        self.assertIn("Do this now? [y/N]", run.out)
        self.assertIn("done: 1 file", run.out)
        self.assert_trees({"a": "1"})

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_anything_else(self):
        self.put("local", "a", "1")
        for answers in (["n"], [""], ["yesterday"], []):
            with self.subTest(answers=answers):
                run = self.on_terminal("sync", answers=answers)
                self.assertEqual(run.code, 0, run)
                self.assertIn("nothing was changed", run.out)
                self.assert_trees({"a": "1"}, {})

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_interrupted(self):
        self.put("local", "a", "1")
        run = self.on_terminal("sync", interrupt=True)
        self.assertEqual(run.code, 130, run)
        self.assert_trees({"a": "1"}, {})

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_looks_again_after_a_yes(self):
        self.put("local", "a", "1")

        def late():
            self.put("local", "late", "2")
            return "y"

        run = self.on_terminal("sync", answers=[late])
        self.assertIn("done: 2 files", run.out)
        self.assert_trees({"a": "1", "late": "2"})

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_not_without_need(self):
        run = self.on_terminal("sync")
        self.assertEqual(run.code, 0, run)
        self.assertNotIn("[y/N]", run.out)
        self.put("local", "a", "1", at=100)
        self.put("cloud", "a", "2", at=200)
        self.put("local", "b", "waits")
        run = self.on_terminal("sync")
        self.assertEqual(run.code, 2, run)
        self.assertNotIn("[y/N]", run.out)

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_not_for_a_program(self):
        self.put("local", "a", "1")
        self.assertEqual(self.on_terminal("sync", "--json").code, 4)

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_shows_it_even_if_quiet(self):
        self.put("local", "a", "1")
        run = self.on_terminal("sync", "-q", answers=["n"])
        self.assertIn("copy  a", run.out)

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_progress(self):
        for i in range(50):
            self.put("local", f"f{i}", "x" * 1000)
        run = self.on_terminal("sync", "-y", columns=60)
        self.assertRegex(run.out, r"\r\d+ of 50 files  ")
        run = self.on_terminal("sync", "-y", "--progress=never")
        self.assertNotIn("\r0 of", run.out)
        self.put("local", "f0", "y")
        run = self.expect(0, "sync", "-y", "--progress=always")
        self.assertIn("of 1 files", run.err)
        self.assertEqual(run.err.split("\r")[-1].strip(), "")
        self.put("local", "f0", "z")
        self.assertEqual(self.expect(0, "sync", "-y").err, "")

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_narrow_terminals(self):
        self.put("local", "d/" + "long-name" * 8 + ".md", "x" * 1234)
        run = self.on_terminal("plan", columns=40)
        for line in run.out.replace("\r\n", "\n").split("\n")[:4]:
            self.assertLessEqual(len(line), 40, run)
        self.assertIn("…", run.out)


class Many(MirrorTest):
    """Two machines, one cloud folder, handing work to and fro."""

    @unittest.skipIf(WINDOWS, "one machine is enough there")
    def test_two_machines(self):
        self.make_dir("other")
        self.write("config/other.ini", (
            "[identity]\nmachine_id = otherbox\n[paths]\n"
            f"local_state_dir = {native(self.path('other'))}\n"
            f"cloud_root_dir = {native(self.cloud)}\n"
            f"state_dir = {native(self.path('state/other'))}\n"))
        self.put("local", "a", "1")
        for turn in range(4):
            self.expect(0, "-p", "docs", "push", "-q")
            self.expect(0, "-p", "other", "pull", "-q")
            self.assertEqual(self.tree("other"), self.tree("local"))
            self.write("other/a", f"other {turn}")
            self.write(f"other/d{turn}/new", "2")
            self.expect(0, "-p", "other", "push", "-q")
            self.expect(0, "-p", "docs", "pull", "-q")
            self.assertEqual(self.tree("other"), self.tree("local"))
            self.put("local", "a", f"docs {turn}")
        self.expect(0, "-p", "docs", "sync", "-y", "-q")
        self.expect(0, "-p", "other", "sync", "-y", "-q")
        for name in ("docs", "other"):
            self.assertEqual(
                self.expect(0, "-p", name, "sync", "-y", "--json")
                .json()["actions"], [])


if __name__ == "__main__":
    main()
