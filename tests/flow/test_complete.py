"""Nothing is written before all that the other machines published is here."""

import os
import shutil
import time
import unittest

from harness import main
from machines import MachinesTest, tree


class Two(MachinesTest):
    """Two machines that agree; one of them is at work."""

    def setUp(self):
        super().setUp()
        self.a, self.b = self.machine("a"), self.machine("b")
        self.a.write("keep", "kept")
        self.a.write("edit", "first")
        self.a.write("gone", "to be deleted")
        self.a.sync()
        self.b.sync()

    def change(self):
        """What b does, as pieces that may or may not have arrived."""
        before = tree(self.cloud)
        self.b.write("edit", "later")
        self.b.write("new", "new file")
        os.unlink(os.path.join(self.b.local, "gone"))
        self.b.sync()
        return before


class Complete(Two):
    def refused(self, *words, run=None):
        local, cloud = self.a.tree(), tree(self.cloud)
        for args in (("sync", "--apply"), ("pull",), ("push",),
                     ("plan",), ("sync", "--dry-run")):
            document = self.a.json(5, *args)
            for word in words:
                self.assertIn(word, document["message"])
        self.assertEqual(self.a.tree(), local)
        self.assertEqual(tree(self.cloud), cloud)

    def passes(self):
        self.a.sync()
        self.assertEqual(self.a.tree(), self.b.tree())

    def test_whole(self):
        self.change()
        self.passes()
        self.assertEqual(self.a.tree(), {
            "keep": "kept", "edit": "later", "new": "new file"})

    def test_missing(self):
        self.change()
        self.in_cloud("new")
        self.refused("1 file", "b's desk", "new (missing)", "published")
        self.in_cloud("new", "new file")
        self.passes()

    def test_still_the_old_version(self):
        self.change()
        path = os.path.join(self.cloud, "edit")
        shutil.copy2(os.path.join(self.a.local, "edit"), path)
        self.refused("edit (")
        self.in_cloud("edit", "later")
        self.passes()

    def test_unchanged_is_judged_unread(self):
        # Same size, and the cloud side as it was: only the ledger tells.
        old = self.save_cloud()
        self.b.write("edit", "FIRST")
        self.b.sync()
        new = os.path.join(self.cloud, ".coldsync", "machine-b.manifest")
        with open(new, "rb") as file:
            manifest = file.read()
        os.utime(os.path.join(self.cloud, "edit"), ns=(1, 1))
        shutil.copy2(os.path.join(old, "edit"),
                     os.path.join(self.cloud, "edit"))
        with open(new, "wb") as file:
            file.write(manifest)
        self.refused("edit (still the old version)")
        self.in_cloud("edit", "FIRST")
        self.passes()

    def test_in_part(self):
        self.change()
        for text, word in (("", "empty"), ("lat", "in part"),
                           ("\0" * 5, "only zeros"), ("xxxxx", "something")):
            self.in_cloud("edit", text)
            os.utime(os.path.join(self.cloud, "edit"), (1, 1))
            self.refused(f"edit ({word}")
        self.in_cloud("edit", "later")
        self.passes()

    def test_deletion_has_not_arrived(self):
        self.change()
        self.in_cloud("gone", "to be deleted")
        self.refused("gone (deleted elsewhere, still here)")
        self.in_cloud("gone")
        self.passes()

    def joins_before_a_deletion(self):
        """A third machine whose folder still has what was deleted."""
        self.in_cloud("gone", "to be deleted")
        os.utime(os.path.join(self.cloud, "gone"), (1_700_000_000,) * 2)
        joins = self.machine("joins")
        document = joins.json(5, "sync", "--apply")
        self.assertIn("gone (deleted elsewhere, still here)",
                      document["message"])
        self.in_cloud("gone")
        joins.sync()
        self.assertEqual(joins.tree(), self.a.tree())
        self.a.sync()

    def test_a_late_deletion_at_a_machine_that_joins(self):
        os.unlink(os.path.join(self.a.local, "gone"))
        self.a.sync()
        self.joins_before_a_deletion()

    def test_a_late_deletion_that_all_others_have_seen(self):
        os.unlink(os.path.join(self.a.local, "gone"))
        self.a.sync()
        for machine in (self.b, self.a):
            machine.sync()
            machine.write(machine.name, "published")
            machine.sync()
        self.joins_before_a_deletion()

    def test_transfer_under_way(self):
        self.change()
        self.in_cloud(".syncthing.new.tmp", "new")
        self.refused("1 transfer is under way", ".syncthing.new.tmp")
        self.in_cloud(".syncthing.new.tmp")
        self.passes()

    def test_a_stub_of_what_is_elsewhere(self):
        """iCloud's older way to say that a file is not on this machine."""
        self.change()
        self.in_cloud("new")
        self.in_cloud(".new.icloud", "bplist00")
        self.refused("new (not downloaded)")
        self.in_cloud(".new.icloud")
        self.in_cloud("new", "new file")
        self.passes()

    def test_manifest_first(self):
        """The manifest has arrived before anything it speaks of."""
        before = self.change()
        for path, text in before.items():
            self.in_cloud(path, text)
        self.in_cloud("new")
        self.refused("3 files", "are not here yet")

    def test_manifest_last(self):
        old = self.manifests()["machine-b.manifest"]
        self.change()
        new = self.manifests()["machine-b.manifest"]
        self.in_cloud(".coldsync/machine-b.manifest", old)
        self.refused()
        self.in_cloud(".coldsync/machine-b.manifest", new)
        self.passes()

    def test_damaged_manifest(self):
        self.change()
        new = self.manifests()["machine-b.manifest"]
        for bad in (b"", new[:50], new[:-1], new + b"x",
                    new[:130] + bytes([new[130] ^ 1]) + new[131:]):
            self.in_cloud(".coldsync/machine-b.manifest", bad)
            self.refused("manifest of 'b'")
        self.in_cloud(".coldsync/machine-b.manifest",
                      new[:8] + b"\2" + new[9:])
        self.refused("version 2")
        self.in_cloud(".coldsync/machine-b.manifest", new)
        self.passes()

    def test_conflict_copy_of_a_manifest(self):
        """What a cloud client made of two manifests is nobody's."""
        self.change()
        new = self.manifests()["machine-b.manifest"]
        self.in_cloud(".coldsync/machine-b (conflicted copy).manifest", "?")
        self.in_cloud(".coldsync/machine-b-host.manifest", new)
        self.passes()

    # -- by hand --

    def test_edited_by_hand(self):
        time.sleep(1.1)
        self.in_cloud("edit", "on the phone")
        self.refused("1 file was changed in the cloud folder", "by hand",
                     "edit (edited)")
        run = self.a(5, "plan")
        self.assertRegex(run.err, "hint: .*--accept-cloud")
        self.a.sync(0, "--accept-cloud")
        self.assertEqual(self.a.read("edit"), "on the phone")
        self.b.sync()
        self.assertEqual(self.b.read("edit"), "on the phone")

    def test_accept_some(self):
        time.sleep(1.1)
        self.in_cloud("edit", "on the phone")
        self.in_cloud("keep", "this, too")
        self.a.sync(5, "--accept-cloud", "--", "edit")
        self.a.sync(0, "--accept-cloud", "--", "edit", "keep")
        self.assertEqual(self.a.read("keep"), "this, too")
        self.b.sync()
        self.assertEqual(self.a.tree(), self.b.tree())

    def test_accept_needs_the_option(self):
        self.a(4, "sync", "--apply", "--", "edit")

    def test_accept_a_loss(self):
        self.in_cloud("edit")
        self.refused("edit (missing)")
        self.a.sync(0, "--accept-cloud")
        self.b.sync()
        self.assertNotIn("edit", self.b.tree())
        self.assertEqual(self.a.tree(), self.b.tree())

    def test_new_file_by_hand_is_news(self):
        self.in_cloud("phone", "written on the phone")
        self.b.sync()
        self.passes()
        self.assertEqual(self.a.read("phone"), "written on the phone")

    # -- a client's conflict copy --

    def test_conflict_copy_is_held(self):
        name = "edit.sync-conflict-20260101-120000-ABCDEFG"
        self.in_cloud(name, "the loser's version")
        document = self.a.json(2, "conflicts")
        self.assertEqual(document["conflicts"][0]["original"], "edit")
        self.assertIn("of edit;", self.a(2, "conflicts").out)
        self.a.sync(2)
        self.assertNotIn(name, self.a.tree())
        self.a(0, "resolve", name, "--take", "local")
        self.assertNotIn(name, tree(self.cloud))
        self.in_cloud(name, "the loser's version")
        self.a(0, "resolve", name, "--take", "both")
        self.assertEqual(self.a.read(name), "the loser's version")
        self.b.sync()
        self.assertEqual(self.a.tree(), self.b.tree())

    # -- warn, off --

    def test_warn_and_off(self):
        time.sleep(1.1)
        self.in_cloud("edit", "on the phone")
        run = self.a(0, "sync", "--dry-run", "--set", "cloud.verify=warn")
        self.assertIn("by hand", run.out)
        run = self.a(0, "sync", "--apply", "--set", "cloud.verify=off")
        self.assertNotIn("by hand", run.out)
        self.assertEqual(self.a.read("edit"), "on the phone")

    # -- back in time --

    def test_rolled_back(self):
        old = self.save_cloud()
        self.change()
        self.a.sync()
        self.load_cloud(old)
        self.refused("went back in time", "'b'")
        document = self.b.json(5, "plan")
        self.assertIn("went back in time", document["message"])

    def test_our_manifest_has_gone(self):
        os.unlink(os.path.join(
            self.cloud, ".coldsync", "machine-a.manifest"))
        self.refused("went back in time", "'a'", "has gone")
        self.a.sync(0, "--accept-cloud")
        self.a.sync()
        self.b.sync()

    # -- identity --

    def test_twin(self):
        twin = self.machine("twin")
        with open(twin.config, encoding="utf-8") as file:
            text = file.read()
        with open(twin.config, "w", encoding="utf-8") as file:
            file.write(text.replace("machine_id = twin", "machine_id = A"))
        document = twin.json(5, "plan")
        self.assertIn("another installation", document["message"])
        run = twin(5, "sync", "--apply", "--accept-cloud")
        self.assertRegex(run.err, "hint: .*machine_id")

    def test_lost_state_is_still_ours(self):
        shutil.rmtree(self.a.state)
        self.a.sync()
        self.a.sync()
        self.b.sync()

    # -- quiet --

    def test_quiet_machines_stop_writing(self):
        self.change()
        for _ in range(2):
            self.a.sync()
            self.b.sync()
        before = self.listing()
        for _ in range(2):
            self.a.sync()
            self.b.sync()
        after = self.listing()
        for name in list(before) + list(after):
            if "/cloud" in name or "/local" in name or "backups" in name:
                self.assertEqual(before.get(name), after.get(name), name)


class GoingBack(Two):
    """undo, and restore into the cloud folder, are writes like any other."""

    def setUp(self):
        super().setUp()
        self.a.write("keep", "kept no more")
        self.a.sync()
        self.b.sync()

    def snapshot(self):
        return self.a.json(0, "backups", "list")["backups"][-1]["id"]

    def nothing_while_incomplete(self, *command):
        self.change()
        self.in_cloud("new")  # has not arrived
        local, cloud = self.a.tree(), tree(self.cloud)
        manifests = self.manifests()
        for args in (command, (*command[:-1], "--dry-run")):
            document = self.a.json(5, *args)
            self.assertIn("new (missing)", document["message"])
            self.assertFalse(document["applied"])
        self.assertEqual((self.a.tree(), tree(self.cloud)), (local, cloud))
        self.assertEqual(self.manifests(), manifests)

    def test_undo(self):
        self.nothing_while_incomplete("undo", "--apply")
        self.in_cloud("new", "new file")
        self.a.json(0, "undo", "--apply")
        self.assertEqual(tree(self.cloud)["keep"], "kept")

    def test_undo_accepts(self):
        self.nothing_while_incomplete("undo", "--apply")
        self.a.json(0, "undo", "--accept-cloud")
        self.assertEqual(tree(self.cloud)["keep"], "kept")
        # What was not there any more is not waited for any longer.
        self.a.sync()

    def test_restore_into_the_cloud(self):
        command = ("restore", "--from", self.snapshot(), "--target", "cloud",
                   "--apply")
        self.nothing_while_incomplete(*command)
        self.a.json(0, *command, "--accept-cloud")
        self.assertEqual(tree(self.cloud)["keep"], "kept")

    def test_restore_into_the_local_folder(self):
        """That is how work is rescued while the cloud is broken."""
        self.a.sync(0, "--direction", "to_local")
        self.change()
        self.in_cloud("new")
        for where in ("gone", "edit"):
            self.a.write(where, "damaged")
        self.a.json(5, "sync", "--apply")
        snapshot = self.a.json(0, "backups", "create")["snapshot"]
        self.a.write("edit", "damaged again")
        self.a.json(0, "restore", "--from", snapshot, "--apply", "edit")
        self.assertEqual(self.a.read("edit"), "damaged")
        run = self.a(4, "restore", "--accept-cloud", "--apply", "edit")
        self.assertIn("--target cloud", run.err)


if __name__ == "__main__":
    main()
