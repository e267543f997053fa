"""restore: what a snapshot keeps comes back, and nothing else is touched."""

import json
import os
import random
import re
import shutil
import subprocess
import unittest
import zipfile

from harness import POSIX, main, native
from mirror import EPOCH, MirrorTest

FAR = "[backup]\nretention_days = 0\nmax_backups = 0\n"


class Restore(MirrorTest):
    extra = FAR

    def setUp(self):
        super().setUp()
        self.profile(extra=self.extra)

    def replaced(self):
        """A sync has replaced and deleted files here; returns its snapshot.
        """
        self.put("local", "a", "old a", at=1)
        self.put("local", "d/b", "old b", at=2)
        self.put("local", "d/tool.sh", "#!", at=3)
        if POSIX:
            os.chmod(self.path("local/d/tool.sh"), 0o755)
        self.put("local", "same", "same", at=4)
        self.first = self.sync()["snapshot"]
        self.put("cloud", "a", "new a", at=11)
        shutil.rmtree(self.path("cloud/d"))
        self.put("cloud", "c", "new c", at=12)
        snapshot = self.sync()["snapshot"]
        self.assertEqual(set(self.tree("local")), {"a", "same", "c"})
        return snapshot

    def restore(self, code=0, *args):
        return self.document(code, "restore", *args)

    # -- what comes back -----------------------------------------------------

    def test_whole(self):
        snapshot = self.replaced()
        shown = self.restore(0, "--dry-run")
        done = self.restore(0, "--apply")
        self.assertIn(f"from snapshot {snapshot}", done["notes"])
        self.assertEqual(
            {(a["path"], a["op"], a["reason"], a["to"], a["status"])
             for a in done["actions"]},
            {("a", "copy", "restored", "local", "done"),
             ("d", "mkdir", "restored", "local", "done"),
             ("d/b", "copy", "restored", "local", "done"),
             ("d/tool.sh", "copy", "restored", "local", "done")})
        for member in ("actions", "summary"):
            self.assertEqual(
                json.dumps(shown[member]).replace("planned", "done"),
                json.dumps(done[member]), member)
        self.assertFalse(shown["applied"])
        self.assertEqual(self.tree("local"), {
            "a": "old a", "d": None, "d/b": "old b", "d/tool.sh": "#!",
            "same": "same", "c": "new c"})
        for name, at in (("a", 1), ("d/b", 2), ("d/tool.sh", 3)):
            info = os.stat(self.path("local", name))
            self.assertEqual(info.st_mtime, EPOCH + at, name)
        if POSIX:
            self.assertTrue(os.access(self.path("local/d/tool.sh"), os.X_OK))
        self.assertIn(("local/a", "new a"), self.kept())
        self.assertEqual(self.tree("cloud"),
                         {"a": "new a", "same": "same", "c": "new c"})

    def test_next_sync_takes_it_for_a_local_change(self):
        self.replaced()
        self.restore(0, "--apply")
        document = self.sync()
        self.assertEqual(document["conflicts"], [])
        self.assertEqual(
            {(a["path"], a["to"]) for a in document["actions"]},
            {("a", "cloud"), ("d", "cloud"), ("d/b", "cloud"),
             ("d/tool.sh", "cloud")})
        self.assertEqual(self.tree("cloud"), self.tree("local"))
        self.assert_quiet()

    def test_twice_is_nothing_to_do(self):
        snapshot = self.replaced()
        self.restore(0, "--apply")
        before = self.times()
        document = self.restore(0, "--from", snapshot, "--apply")
        self.assertEqual(document["actions"], [])
        self.assertIsNone(document["snapshot"])
        after = self.times()
        for path, facts in before.items():
            if "state" not in os.path.relpath(path, self.home):
                self.assertEqual(after[path], facts, path)

    def test_paths_and_globs(self):
        for args, want in ((["d/b"], {"d/b"}), (["d"], {"d/b", "d/tool.sh"}),
                           (["./d/"], {"d/b", "d/tool.sh"}),
                           (["*.sh"], {"d/tool.sh"}),
                           (["d/*", "a"], {"a", "d/b", "d/tool.sh"}),
                           (["."], {"a", "d/b", "d/tool.sh"})):
            with self.subTest(args):
                self.tearDown()
                self.doCleanups()
                self.setUp()
                self.replaced()
                document = self.restore(0, "--apply", *args)
                self.assertEqual(
                    {a["path"] for a in document["actions"]
                     if a["op"] == "copy"}, want)

    def test_a_path_in_full(self):
        self.replaced()
        document = self.restore(
            0, "--apply", native(self.path("local", "d", "b")))
        self.assertEqual([a["path"] for a in document["actions"]],
                         ["d", "d/b"])

    def test_nothing_of_that_name(self):
        self.replaced()
        before = self.tree("local")
        run = self.expect(4, "restore", "--apply", "a", "nowhere")
        self.assertIn("nowhere", run.err)
        self.assertIn("nothing at", run.err)
        self.assertEqual(self.tree("local"), before)

    def test_names_that_look_like_globs(self):
        self.put("local", "[x]", "old", at=1)
        self.put("local", "x", "old x", at=1)
        self.sync()
        self.put("cloud", "[x]", "new", at=2)
        self.put("cloud", "x", "new x", at=2)
        self.sync()
        document = self.restore(0, "--apply", "[x]")
        self.assertEqual([a["path"] for a in document["actions"]], ["[x]"])

    # -- what is in the way --------------------------------------------------

    def test_directory_where_a_file_was(self):
        self.put("local", "x", "a file", at=1)
        self.sync()
        self.drop("cloud", "x")
        self.put("cloud", "x/in", "inside", at=2)
        self.sync()
        self.restore(0, "--apply")
        self.assertEqual(self.tree("local"), {"x": "a file"})
        self.assertIn(("local/x/in", "inside"), self.kept())

    def test_file_where_a_directory_was(self):
        self.put("local", "x/y/in", "inside", at=1)
        self.sync()
        shutil.rmtree(self.path("cloud/x"))
        self.put("cloud", "x", "a file", at=2)
        self.sync()
        self.restore(0, "--apply", "x/y/in")
        self.assertEqual(self.tree("local"),
                         {"x": None, "x/y": None, "x/y/in": "inside"})
        self.assertIn(("local/x", "a file"), self.kept())

    def test_what_it_does_not_know_stays(self):
        self.replaced()
        self.put("local", "d/mine", "mine", at=20)
        self.restore(0, "--apply")
        self.assertEqual(self.tree("local")["d/mine"], "mine")

    def test_database_with_its_companions(self):
        self.put("local", "db", "old database", at=1)
        self.put("local", "db-wal", "old log", at=1)
        self.sync()
        self.put("cloud", "db", "new database", at=2)
        self.put("cloud", "db-wal", "new log", at=2)
        self.sync()
        self.put("local", "db-shm", "of the new one", at=3)
        self.restore(0, "--apply", "db")
        self.assertEqual(self.tree("local"),
                         {"db": "old database", "db-wal": "old log"})
        self.assertIn(("local/db-shm", "of the new one"), self.kept())

    # -- which snapshot ------------------------------------------------------

    def test_newest_that_holds_the_side(self):
        first = self.replaced()
        self.put("local", "same", "edited here", at=30)
        second = self.sync()["snapshot"]  # keeps something of the cloud only
        document = self.restore(0, "--dry-run")
        self.assertIn(f"from snapshot {first}", document["notes"])
        document = self.restore(0, "--dry-run", "--target", "cloud")
        self.assertIn(f"from snapshot {second}", document["notes"])

    def test_from(self):
        snapshot = self.replaced()
        self.restore(0, "--dry-run", "--from", snapshot)
        self.restore(0, "--dry-run", "--from", snapshot[:-1])
        self.assertIn("more than one", self.expect(
            4, "restore", "--dry-run", "--from", snapshot[:4]).err)
        self.assertIn("no snapshot", self.expect(
            4, "restore", "--dry-run", "--from", "1999").err)
        self.expect(4, "restore", "--dry-run", "--from", "../../etc")
        self.assertIn("nothing of the local side", self.expect(
            4, "restore", "--dry-run", "--from", self.first).err)

    def test_none_yet(self):
        self.expect(1, "restore", "--dry-run")
        self.put("local", "a", "one", at=1)
        self.sync()
        self.assertIn("no complete snapshot",
                      self.expect(1, "restore", "--dry-run").err)

    def test_another_machines_is_not_the_default(self):
        self.replaced()
        self.profile(extra=self.extra)
        run = self.expect(1, "restore", "--dry-run", "--set",
                          "identity.machine_id=elsewhere")
        self.assertIn("this machine", run.err)

    def test_partial(self):
        snapshot = self.replaced()
        root = self.path("state/docs/backups")
        os.rename(os.path.join(root, snapshot),
                  os.path.join(root, snapshot + ".partial"))
        self.expect(1, "restore", "--dry-run")
        self.expect(1, "restore", "--dry-run", "--from", snapshot)

    # -- the other side, and elsewhere ---------------------------------------

    def test_cloud(self):
        self.put("local", "a", "old", at=1)
        self.sync()
        self.put("local", "a", "new", at=2)
        self.sync()
        document = self.restore(0, "--target", "cloud", "--apply")
        self.assertEqual([(a["path"], a["to"]) for a in document["actions"]],
                         [("a", "cloud")])
        self.assert_trees({"a": "new"}, {"a": "old"})
        document = self.sync()
        self.assertEqual([(a["path"], a["to"]) for a in document["actions"]],
                         [("a", "local")])

    def test_to(self):
        self.replaced()
        before = self.times()
        out = self.path("out/deep")
        shown = self.restore(0, "--to", native(out), "--dry-run")
        self.assertFalse(os.path.exists(out))
        done = self.restore(0, "--to", native(out), "--apply")
        self.assertEqual(len(shown["actions"]), len(done["actions"]))
        self.assertTrue(done["applied"])
        self.assertEqual(
            self.tree("out/deep"),
            {"a": "old a", "d": None, "d/b": "old b", "d/tool.sh": "#!"})
        self.assertEqual(os.stat(os.path.join(out, "d/b")).st_mtime,
                         EPOCH + 2)
        after = self.times()
        for path, facts in before.items():
            if path.startswith((self.local, self.cloud)):
                self.assertEqual(after[path], facts)
        self.expect(5, "restore", "--to", native(out), "--apply")

    def test_to_what_is_not_empty(self):
        self.replaced()
        self.write("out/mine", "mine")
        run = self.expect(
            5, "restore", "--to", native(self.path("out")), "--apply")
        self.assertIn("not empty", run.err)
        self.assertEqual(self.tree("out"), {"mine": "mine"})
        self.expect(5, "restore", "--to", native(self.path("out")),
                    "--dry-run")
        self.expect(1, "restore", "--to", native(self.path("out/mine")),
                    "--apply")

    def test_without_the_cloud_folder(self):
        self.replaced()
        os.rename(self.cloud, self.path("gone"))
        self.expect(0, "restore", "--apply")
        self.assertEqual(self.tree("local")["d/b"], "old b")
        os.rename(self.path("gone"), self.cloud)
        self.assertEqual(self.sync()["conflicts"], [])
        self.assertEqual(self.tree("cloud"), self.tree("local"))

    def test_local_folder_gone(self):
        self.replaced()
        shutil.rmtree(self.local)
        self.expect(5, "plan")
        self.expect(0, "restore", "--apply")
        self.assertEqual(self.tree("local"), {
            "a": "old a", "d": None, "d/b": "old b", "d/tool.sh": "#!"})

    # -- manners -------------------------------------------------------------

    def test_needs_a_word_off_a_terminal(self):
        self.replaced()
        before = self.tree("local")
        run = self.expect(4, "restore")
        self.assertIn("--apply", run.err)
        self.assertIn("--dry-run", run.err)
        self.expect(4, "restore", "--apply", "--dry-run")
        self.assertEqual(self.tree("local"), before)

    def test_asks_on_a_terminal(self):
        if not POSIX:
            self.skipTest("needs a terminal")
        self.replaced()
        before = self.tree("local")
        run = self.on_terminal("restore", answers=["n"])
        self.assertEqual((run.code, self.tree("local")), (0, before))
        run = self.on_terminal("restore", answers=["y"])
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.tree("local")["a"], "old a")

    def test_paused(self):
        self.replaced()
        self.expect(0, "pause")
        document = self.expect(0, "restore", "--apply", "--json").json()
        self.assertEqual(document["result"], "paused")
        self.assertEqual(self.tree("local")["a"], "new a")

    def test_preview_touches_nothing(self):
        self.replaced()
        before = self.times()
        self.restore(0, "--dry-run")
        self.assertEqual(self.times(), before)

    # -- damage --------------------------------------------------------------

    def test_flipped_byte_stops_it_before_the_first_write(self):
        snapshot = self.replaced()
        path = self.path("state/docs/backups", snapshot, "local/d/b")
        os.chmod(path, 0o600)
        with open(path, "wb") as file:
            file.write(b"old B")
        before = self.tree("local")
        for args in (("--apply",), ("--dry-run",),
                     ("--to", native(self.path("out")), "--apply")):
            self.assertIn("d/b", self.expect(1, "restore", *args).err)
        self.assertEqual(self.tree("local"), before)
        self.assertFalse(os.path.exists(self.path("out")))
        self.expect(0, "restore", "--apply", "a")  # that one is whole

    def test_missing_file(self):
        snapshot = self.replaced()
        os.unlink(self.path("state/docs/backups", snapshot, "local/a"))
        before = self.tree("local")
        self.expect(1, "restore", "--from", snapshot, "--apply")
        self.assertEqual(self.tree("local"), before)


class RestoreZip(Restore):
    extra = "[backup]\ncompression = zip\nretention_days = 0\n"

    def kept(self):
        found = []
        root = self.path("state/docs/backups")
        for name in os.listdir(root):
            if name.endswith(".zip"):
                with zipfile.ZipFile(os.path.join(root, name)) as archive:
                    found += [(entry, archive.read(entry).decode())
                              for entry in archive.namelist()
                              if entry != "manifest.json"]
        return found

    def test_flipped_byte_stops_it_before_the_first_write(self):
        snapshot = self.replaced()
        path = self.path("state/docs/backups", snapshot + ".zip")
        with open(path, "rb") as file:
            data = bytearray(file.read())
        before = self.tree("local")
        refused = 0
        for at in range(0, len(data), 11):
            damaged = bytes(data[:at]) + bytes([data[at] ^ 1]) + bytes(
                data[at + 1:])
            os.chmod(path, 0o600)
            with open(path, "wb") as file:
                file.write(damaged)
            run = self.coldsync("restore", "--from", snapshot, "--dry-run")
            self.assertIn(run.code, (0, 1), run)
            if run.code == 0:  # a byte that is of no consequence
                continue
            refused += 1
            self.expect(1, "restore", "--from", snapshot, "--apply")
            self.assertEqual(self.tree("local"), before)
        self.assertGreater(refused, 10)

    def test_missing_file(self):
        snapshot = self.replaced()
        path = self.path("state/docs/backups", snapshot + ".zip")
        with open(path, "rb") as file:
            data = file.read()
        for size in (0, 1, len(data) // 2, len(data) - 1):
            os.chmod(path, 0o600)
            with open(path, "wb") as file:
                file.write(data[:size])
            self.expect(1, "restore", "--from", snapshot, "--apply")

    def test_partial(self):
        snapshot = self.replaced()
        root = self.path("state/docs/backups")
        os.rename(os.path.join(root, snapshot + ".zip"),
                  os.path.join(root, snapshot + ".zip.partial"))
        self.expect(1, "restore", "--dry-run")


@unittest.skipUnless(shutil.which("strace"), "no strace to count with")
class OnePath(MirrorTest):
    """One path of a large archive is read without the others."""
    FILES, SIZE = 400, 20000

    def read_while(self, *args):
        """How many bytes of the archive a command reads."""
        trace = self.path("trace")
        command = subprocess.run(
            ["strace", "-f", "-qq", "-y", "-o", trace,
             "-e", "trace=read,pread64,readv,preadv,mmap,copy_file_range",
             *self.command(*args)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            # Leaks cannot be looked for in what is traced.
            env=self.environment({"ASAN_OPTIONS": "detect_leaks=0"}),
            check=False)
        self.assertEqual(command.returncode, 0, command.stdout)
        total = 0
        with open(trace, encoding="utf-8", errors="replace") as f:
            for line in f:
                found = re.search(r"(\w+)\(\d+<[^>]*\.zip>.*= (\d+)$", line)
                if found is None:
                    continue
                self.assertIn(found[1], ("read", "pread64"), line)
                total += int(found[2])
        return total

    def test_reads_little(self):
        self.profile(extra="[backup]\ncompression = zip\n")
        dice = random.Random(4)
        for i in range(self.FILES):
            self.put("local", f"d{i % 7}/{i}", dice.randbytes(self.SIZE))
        made = self.expect(
            0, "backups", "create", "--json").json()["snapshot"]
        archive = self.path(f"state/docs/backups/{made}.zip")
        with zipfile.ZipFile(archive) as z:
            said = z.getinfo("manifest.json").compress_size + \
                os.path.getsize(archive) - z.start_dir
        whole = os.path.getsize(archive)
        self.assertGreater(whole, self.FILES * self.SIZE)
        back = self.path("back")
        read = self.read_while("restore", "--to", back, "--apply", "d3/157")
        self.assertEqual(os.listdir(os.path.join(back, "d3")), ["157"])
        # The directory, the manifest and the one file; the search for the
        # archive's end reads 64 KiB.
        self.assertGreater(read, said + self.SIZE)
        self.assertLess(read, 2 * said + 4 * self.SIZE + 140_000)
        self.assertLess(read, whole / 10)
        # All of it is counted, when all of it is read.
        self.assertGreater(self.read_while("backups", "verify"), whole)


if __name__ == "__main__":
    main()
