"""undo: both folders back to before the last run."""

import os
import shutil

from harness import POSIX, main
from mirror import EPOCH, MirrorTest


class Undo(MirrorTest):
    def facts(self):
        """Both trees with the times of their files."""
        found = {}
        for side in ("local", "cloud"):
            for name, content in self.tree(side).items():
                at = None
                if content is not None:
                    at = os.stat(self.path(side, name)).st_mtime_ns
                found[side, name] = (content, at)
        return found

    def mixed(self):
        """A sync with everything in it; returns (before, plan, run)."""
        self.put("local", "a", "agreed a", at=1)
        self.put("local", "d/b", "agreed b", at=2)
        self.put("local", "gone", "agreed, goes", at=3)
        self.put("local", "old-name", "agreed, renamed", at=4)
        self.sync()
        self.put("local", "a", "edited a", at=11)
        shutil.rmtree(self.path("cloud/d"))
        self.drop("local", "gone")
        self.put("cloud", "e/new", "new", at=12)
        os.rename(self.path("local/old-name"), self.path("local/new-name"))
        before = self.facts()
        plan = self.document(0, "plan")
        run = self.sync()
        self.assertNotEqual(self.facts(), before)
        return before, plan, run

    def undo(self, code=0, *args):
        return self.document(code, "undo", *args)

    def refused(self, document):
        return {(s["side"], s["path"]) for s in document["skipped"]}

    # -- going back ----------------------------------------------------------

    def test_back(self):
        before, plan, run = self.mixed()
        document = self.undo()
        self.assertEqual(self.facts(), before)
        self.assertTrue(document["applied"])
        self.assertEqual(
            {a["reason"] for a in document["actions"]}, {"restored"})
        self.assertIn(f"back to before run {run['run_id']}",
                      document["notes"])
        again = self.document(0, "plan")
        self.assertEqual(again["actions"], plan["actions"])
        self.assertEqual(again["conflicts"], plan["conflicts"])

    def test_undone_and_synced_again(self):
        self.mixed()
        after = self.facts()
        self.undo()
        self.sync()
        self.assertEqual(self.facts(), after)
        self.assert_quiet()

    def test_undo_of_an_undo(self):
        before, _, _ = self.mixed()
        after = self.facts()
        self.undo()
        self.undo()
        self.assertEqual(self.facts(), after)
        self.assertEqual(self.document(0, "plan")["actions"], [])
        self.undo()
        self.assertEqual(self.facts(), before)

    def test_preview(self):
        self.mixed()
        before = self.times()
        shown = self.undo(0, "--dry-run")
        self.assertEqual(self.times(), before)
        done = self.undo(0, "--apply")
        for action in shown["actions"]:
            self.assertEqual(action.pop("status"), "planned")
        for action in done["actions"]:
            self.assertEqual(action.pop("status"), "done")
        self.assertEqual(shown["actions"], done["actions"])
        self.expect(4, "undo", "--apply", "--dry-run")

    def test_quiet_runs_do_not_count(self):
        before, _, _ = self.mixed()
        self.sync()
        self.sync()
        self.undo()
        self.assertEqual(self.facts(), before)

    def test_conflict_is_a_conflict_again(self):
        self.put("local", "a", "agreed", at=1)
        self.sync()
        self.put("local", "a", "here", at=2)
        self.put("cloud", "a", "there", at=3)
        self.sync(0, "--policy", "prefer_local")
        self.undo()
        self.assert_trees({"a": "here"}, {"a": "there"})
        (conflict,) = self.document(2, "plan")["conflicts"]
        self.assertEqual(conflict["kind"], "both_modified")

    def test_first_sync(self):
        self.put("local", "a", "one", at=1)
        self.put("cloud", "b/c", "two", at=2)
        before = self.facts()
        self.sync()
        self.undo()
        self.assertEqual(self.facts(), before)
        self.assertEqual(len(self.sync()["actions"]), 3)

    def test_restore_can_be_undone(self):
        self.mixed()
        after = self.facts()
        self.document(0, "restore", "--apply")
        self.assertNotEqual(self.facts(), after)
        self.undo()
        self.assertEqual(self.facts(), after)
        self.assertEqual(self.document(0, "plan")["actions"], [])

    def test_permissions(self):
        if not POSIX:
            self.skipTest("no permissions here")
        path = self.put("local", "run.sh", "#!", at=1)
        os.chmod(path, 0o750)
        self.sync()
        os.chmod(self.path("cloud/run.sh"), 0o755)
        self.put("local", "run.sh", "#!!", at=2)
        os.chmod(path, 0o640)
        self.sync()
        self.undo()
        self.assertEqual(
            os.stat(self.path("cloud/run.sh")).st_mode & 0o777, 0o755)

    # -- what has changed since ----------------------------------------------

    def test_changed_on_the_side_it_wrote_to(self):
        before, _, _ = self.mixed()
        self.put("cloud", "a", "edited since", at=30)
        self.assertIn("changed since that run",
                      self.expect(1, "undo", "--dry-run").out)
        document = self.undo(1)
        self.assertEqual(self.refused(document), {("cloud", "a")})
        self.assertEqual(self.tree("cloud")["a"], "edited since")
        for key, value in before.items():
            if key[1] != "a":
                self.assertEqual(self.facts()[key], value, key)

    def test_changed_on_the_other_side(self):
        self.mixed()
        self.put("local", "a", "edited since", at=30)
        document = self.undo(1)
        self.assertEqual(self.refused(document), {("cloud", "a")})
        self.assertEqual(self.tree("local")["a"], "edited since")
        self.assertEqual(self.tree("cloud")["a"], "edited a")
        self.assertEqual(
            [(a["path"], a["to"]) for a in self.document(0, "plan")["actions"]
             if a["path"] == "a"], [("a", "cloud")])

    def test_deleted_came_back(self):
        self.mixed()
        self.put("cloud", "gone", "made since", at=30)
        document = self.undo(1)
        self.assertEqual(self.refused(document), {("cloud", "gone")})
        self.assertEqual(self.tree("cloud")["gone"], "made since")

    def test_created_and_gone_since(self):
        self.mixed()
        self.drop("local", "e/new")
        document = self.undo(1)
        self.assertEqual(self.refused(document), {("local", "e/new")})
        self.assertEqual(self.tree("cloud")["e/new"], "new")

    def test_something_new_in_a_new_directory(self):
        before, _, _ = self.mixed()
        self.put("local", "e/mine", "mine", at=30)
        self.undo()
        want = dict(before)
        self.assertEqual(self.tree("local")["e/mine"], "mine")
        self.assertNotIn("e/new", self.tree("local"))
        for key, value in want.items():
            self.assertEqual(self.facts()[key], value, key)

    def test_touched_is_not_changed(self):
        before, _, _ = self.mixed()
        os.utime(self.path("cloud/a"), (EPOCH + 99, EPOCH + 99))
        self.undo()
        self.assertEqual(self.facts(), before)

    def test_database_stays_whole(self):
        self.put("local", "db", "one", at=1)
        self.put("local", "db-wal", "log one", at=1)
        self.sync()
        self.put("cloud", "db", "two", at=2)
        self.put("cloud", "db-wal", "log two", at=2)
        self.sync()
        self.put("local", "db-wal", "log three", at=3)
        document = self.undo(1)
        self.assertEqual(self.refused(document),
                         {("local", "db"), ("local", "db-wal")})
        self.assertEqual(self.tree("local"),
                         {"db": "two", "db-wal": "log three"})

    def test_database_with_a_new_companion(self):
        self.put("local", "db", "one", at=1)
        self.sync()
        self.put("cloud", "db", "two", at=2)
        self.sync()
        self.put("local", "db-wal", "of two", at=3)
        document = self.undo(1)
        self.assertEqual(self.refused(document), {("local", "db")})
        self.assertEqual(self.tree("local"),
                         {"db": "two", "db-wal": "of two"})

    def test_merged_file_goes_back_on_both_sides_or_none(self):
        self.profile(extra="[conflict]\nappend_merge = *.jsonl\n")
        self.put("local", "log.jsonl", '{"ts":1}\n', at=1)
        self.sync()
        self.put("local", "log.jsonl", '{"ts":1}\n{"ts":3}\n', at=2)
        self.put("cloud", "log.jsonl", '{"ts":1}\n{"ts":2}\n', at=3)
        before = self.facts()
        self.sync()
        self.undo()
        self.assertEqual(self.facts(), before)
        self.sync()
        merged = self.tree("local")["log.jsonl"]
        self.put("local", "log.jsonl", merged + '{"ts":4}\n', at=9)
        document = self.undo(1)
        self.assertEqual(
            self.refused(document),
            {("local", "log.jsonl"), ("cloud", "log.jsonl")})
        self.assertEqual(self.tree("cloud")["log.jsonl"], merged)

    # -- where there is nothing to go back to --------------------------------

    def test_nothing_to_undo(self):
        self.assertIn("nothing to undo", self.expect(1, "undo").err)
        self.put("local", "a", "one", at=1)
        self.put("cloud", "a", "one", at=1)
        self.sync()  # only agrees
        self.assertIn("nothing to undo", self.expect(1, "undo").err)

    def test_without_its_snapshot(self):
        _, _, run = self.mixed()
        after = self.facts()
        shutil.rmtree(self.path("state/docs/backups", run["snapshot"]))
        told = self.expect(1, "undo").err
        self.assertIn(run["run_id"], told)
        self.assertIn("cannot be undone", told)
        self.assertEqual(self.facts(), after)

    def test_damaged_snapshot(self):
        _, _, run = self.mixed()
        after = self.facts()
        path = self.path("state/docs/backups", run["snapshot"], "cloud/a")
        os.chmod(path, 0o600)
        with open(path, "wb") as file:
            file.write(b"agreed A")
        self.expect(1, "undo")
        self.assertEqual(self.facts(), after)

    def test_without_the_ledger_from_before(self):
        """Files go back; what was agreed then is not known any more, and so
        nothing is guessed."""
        before, _, _ = self.mixed()
        for name in os.listdir(self.path("state/docs")):
            if name.startswith("ledger-before-"):
                os.unlink(self.path("state/docs", name))
        self.undo()
        self.assertEqual(self.facts(), before)
        plan = self.document(2, "plan")
        self.assertIn("a", [c["path"] for c in plan["conflicts"]])
        self.assertEqual(
            [a for a in plan["actions"] if a["op"] == "delete"], [])

    def test_paused(self):
        self.mixed()
        after = self.facts()
        self.expect(0, "pause")
        self.assertEqual(
            self.expect(0, "undo", "--json").json()["result"], "paused")
        self.assertEqual(self.facts(), after)

    def test_history(self):
        self.mixed()
        run = self.undo()
        last = self.expect(0, "history", "--json").json()["history"][-1]
        self.assertEqual((last["run_id"], last["command"], last["result"]),
                         (run["run_id"], "undo", "ok"))


if __name__ == "__main__":
    main()
