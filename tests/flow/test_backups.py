"""backups: which snapshots there are, what is in them, and which may go."""

import json
import os
import sys
import threading
import time
import unittest

from harness import POSIX, main
from mirror import MirrorTest

if POSIX:
    import fcntl

MEMBERS = ["id", "time", "machine", "profile", "run", "reason", "format",
           "complete", "files", "bytes", "sides"]
DAY = 86400


def id_at(seconds, machine="testbox", digits="0000"):
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
    return f"{stamp}-{machine}-{digits}"


class BackupsTest(MirrorTest):
    zip = False

    def setUp(self):
        super().setUp()
        self.configure()

    def configure(self, limits=""):
        kind = "zip" if self.zip else "none"
        self.profile(extra=f"[backup]\ncompression = {kind}\n{limits}")

    @property
    def backups(self):
        return self.path("state/docs/backups")

    def listed(self, code=0):
        found = self.expect(code, "backups", "list", "--json").json()
        for backup in found["backups"]:
            self.assertEqual(list(backup), MEMBERS)
        return found["backups"]

    def ids(self):
        return [backup["id"] for backup in self.listed()]

    def make_some(self):
        """Three runs: the first creates, the others displace."""
        self.put("local", "a", "one", at=1)
        self.put("local", "dir/b", "two", at=2)
        self.sync()
        self.put("local", "a", "changed", at=3)
        self.drop("local", "dir/b")
        self.sync()
        self.put("cloud", "a", "again", at=5)
        self.sync()

    def name_of(self, snapshot):
        return snapshot + (".zip" if self.zip else "")

    def aged(self, days, digits="0000", machine="testbox", profile="docs"):
        """A directory snapshot of so many days ago, whose manifest says so."""
        name = id_at(time.time() - days * DAY, machine, digits)
        root = os.path.join(self.backups, name)
        os.makedirs(root + "/local", mode=0o700)
        with open(root + "/local/x", "w", encoding="ascii") as file:
            file.write("x" * 1000)
        manifest = {
            "schema": 1, "id": name,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S.000Z",
                                  time.gmtime(time.time() - days * DAY)),
            "machine": machine, "profile": profile, "run": "r",
            "reason": "sync", "format": "dir",
            "kept": {"local": {"files": 1, "bytes": 1000},
                     "cloud": {"files": 0, "bytes": 0}},
            "entries": []}
        with open(root + "/manifest.json", "w", encoding="ascii") as file:
            json.dump(manifest, file)
        return name


class Backups(BackupsTest):
    # -- list ----------------------------------------------------------------

    def test_nothing_yet(self):
        self.assertEqual(self.listed(), [])
        for verb in ("list", "verify"):
            self.expect(0, "backups", verb)
        self.assertIn("no snapshot yet", self.expect(0, "backups").out)
        self.assertFalse(os.path.exists(self.state), "it left something")

    def test_list_is_oldest_first(self):
        self.make_some()
        found = self.listed()
        self.assertEqual([b["files"] for b in found], [0, 2, 1])
        self.assertEqual([b["bytes"] for b in found], [0, 6, 7])
        self.assertEqual([b["sides"] for b in found],
                         [[], ["cloud"], ["local"]])
        for backup in found:
            self.assertEqual(backup["machine"], "testbox")
            self.assertEqual(backup["profile"], "docs")
            self.assertEqual(backup["reason"], "sync")
            self.assertEqual(backup["format"], "zip" if self.zip else "dir")
            self.assertTrue(backup["complete"])
        said = self.expect(0, "backups").out
        self.assertEqual(said, self.expect(0, "backups", "list").out)
        places = [said.index(backup["id"]) for backup in found]
        self.assertEqual(places, sorted(places))

    def test_what_is_no_snapshot(self):
        self.make_some()
        before = self.ids()
        self.write("state/docs/backups/notes.txt", "mine")
        self.write("state/docs/backups/20261120T235137Z-m1-4f0a.txt", "")
        os.mkdir(self.backups + "/..x")
        partial = id_at(time.time(), digits="beef")
        os.makedirs(f"{self.backups}/{partial}.partial/local")
        broken = id_at(time.time(), digits="dead")
        os.mkdir(f"{self.backups}/{broken}")
        run = self.expect(0, "backups", "list", "--json")
        found = {b["id"]: b for b in run.json()["backups"]}
        self.assertEqual(set(found), {*before, partial, broken})
        self.assertFalse(found[partial]["complete"])
        self.assertFalse(found[broken]["complete"])
        self.assertIn("3 things", run.err)
        said = self.expect(0, "backups", "list", "-v")
        self.assertIn("notes.txt", said.err)
        self.assertIn("incomplete", said.out)
        self.assertIn("not readable", said.out)

    # -- show ----------------------------------------------------------------

    def test_show(self):
        self.make_some()
        second = self.ids()[1]
        found = self.expect(0, "backups", "show", second, "--json").json()
        entries = {(e["side"], e["path"]): e
                   for e in found["backups"][0]["entries"]}
        self.assertEqual(set(entries), {("cloud", "a"), ("cloud", "dir/b")})
        replaced = entries["cloud", "a"]
        self.assertEqual(replaced["what"], "replaced")
        self.assertEqual((replaced["size"], replaced["after"]["size"]), (3, 7))
        self.assertEqual(replaced["mtime"], "2026-01-01T00:00:01.000000000Z")
        self.assertEqual(entries["cloud", "dir/b"]["what"], "deleted")
        said = self.expect(0, "backups", "show", second).out
        self.assertIn("dir/b", said)
        self.assertIn("deleted", said)

    def test_the_beginning_of_an_id_is_enough(self):
        self.make_some()
        ids = self.ids()
        for name in ids:
            begins = [i for i in ids if i.startswith(name[:-1])]
            self.assertIn(name, self.expect(
                0, "backups", "show",
                name[:-1] if len(begins) == 1 else name).out)
        self.assertIn("several", self.expect(
            4, "backups", "show", ids[0][:4]).err)
        for wrong in ("x", "../../../etc", ids[0] + "0", "%s%n"):
            self.assertIn("no snapshot", self.expect(
                1, "backups", "show", wrong).err)
        self.expect(4, "backups", "show")
        self.expect(4, "backups", "show", "a", "b")
        self.expect(4, "backups", "lst")
        self.expect(4, "backups", "list", "--dry-run")

    @unittest.skipUnless(POSIX, "no such names")
    def test_names_are_shown_harmless(self):
        for name in (b"esc\x1b[31m", b"not\xffutf8", b"new\nline"):
            path = os.path.join(os.fsencode(self.local), name)
            with open(path, "wb") as file:
                file.write(b"x")
        self.sync()
        for name in os.listdir(os.fsencode(self.local)):
            os.unlink(os.path.join(os.fsencode(self.local), name))
        self.sync(0, "--allow-deletes")
        run = self.expect(0, "backups", "show", self.ids()[-1])
        for bad in (b"\x1b", b"\xff", b"new\nline"):
            self.assertNotIn(bad, run.out_bytes)
        entries = self.expect(0, "backups", "show", self.ids()[-1],
                              "--json").json()["backups"][0]["entries"]
        self.assertIn("6e6f74ff75746638",
                      [e.get("path_hex") for e in entries])
        self.expect(0, "backups", "verify")

    # -- verify --------------------------------------------------------------

    def test_verify(self):
        self.make_some()
        before = self.times()
        run = self.expect(0, "backups", "verify", "--json").json()
        self.assertEqual([b["problems"] for b in run["backups"]], [[]] * 3)
        self.assertEqual(self.times(), before)
        broken = self.ids()[1]
        path = os.path.join(self.backups, broken + (
            ".zip" if self.zip else "/cloud/a"))
        with open(path, "r+b") as file:
            file.seek(2)
            byte = file.read(1)
            file.seek(2)
            file.write(bytes([byte[0] ^ 4]))
        run = self.expect(1, "backups", "verify", "--json").json()
        self.assertEqual([bool(b["problems"]) for b in run["backups"]],
                         [False, True, False])
        self.expect(1, "backups", "verify", broken)
        self.expect(0, "backups", "verify", self.ids()[0])
        self.assertIn("BAD", self.expect(1, "backups", "verify").out)

    def test_verify_what_is_not_complete(self):
        self.make_some()
        partial = id_at(time.time(), digits="beef")
        os.makedirs(f"{self.backups}/{partial}.partial/local")
        self.expect(0, "backups", "verify")
        self.expect(5, "backups", "verify", partial)

    # -- prune ---------------------------------------------------------------

    def prune(self, *options, code=0):
        run = self.expect(code, "backups", "prune", *options, "--json").json()
        return run, {b["id"]: (b["action"], b["why"]) for b in run["backups"]}

    def test_prune_dry_run_gives_reasons(self):
        self.configure("retention_days = 30\nkeep_last = 2\n")
        self.make_some()
        old, older = self.aged(40), self.aged(50)
        other = self.aged(60, machine="elsewhere")
        profile = self.aged(70, profile="notes")
        future = self.aged(-2)
        before = self.times()
        run, found = self.prune("--dry-run")
        self.assertEqual(self.times(), before, "a dry run changed something")
        self.assertFalse(run["applied"])
        self.assertEqual(found[old], ("remove", "older than 30 days"))
        self.assertEqual(found[older], ("remove", "older than 30 days"))
        self.assertEqual(found[other], ("keep", "of machine 'elsewhere'"))
        self.assertEqual(found[profile], ("keep", "of profile 'notes'"))
        self.assertEqual(found[future], ("keep", "dated in the future"))
        self.assertEqual(list(found.values())[-2],
                         ("keep", "the newest complete one"))
        said = self.expect(0, "backups", "prune", "--dry-run").out
        self.assertIn("dated in the future", said)
        run, done = self.prune()
        self.assertTrue(run["applied"])
        self.assertEqual(run["removed"], 2)
        self.assertEqual(
            {i for i, (action, _) in done.items() if action == "removed"},
            {i for i, (action, _) in found.items() if action == "remove"})
        self.assertEqual(set(self.ids()), set(found) - {old, older})
        self.assertEqual(self.prune()[0]["removed"], 0)

    def test_each_limit(self):
        self.make_some()
        ids = self.ids()
        for limit, why in (("retention_days = 0\nmax_backups = 2\n",
                            "more than 2 snapshots"),
                           ("retention_days = 0\nmax_total_mb = 1\n", None)):
            self.configure(limit + "keep_last = 0\n")
            _run, found = self.prune("--dry-run")
            self.assertEqual(found[ids[0]],
                             ("remove", why) if why else
                             ("keep", "within the limits"))
        big = self.aged(3)
        with open(f"{self.backups}/{big}/manifest.json", encoding="ascii",
                  ) as file:
            text = file.read()
        with open(f"{self.backups}/{big}/manifest.json", "w",
                  encoding="ascii") as file:
            file.write(text.replace("1000", "2000000"))
        _run, found = self.prune("--dry-run")
        self.assertEqual(found[big], ("remove", "more than 1 MB in all"))
        self.assertEqual(found[ids[0]][0], "keep")

    def test_old_ones_go_after_a_sync_that_ended_well(self):
        self.configure("keep_last = 1\n")
        self.make_some()
        old = self.aged(40)
        self.document(0, "plan")
        self.assert_quiet()
        self.assertIn(old, self.ids())
        self.put("local", "new", "x", at=9)
        self.sync()
        self.assertNotIn(old, self.ids())

    def test_never_after_a_failed_run(self):
        self.configure("keep_last = 1\n")
        self.make_some()
        old = self.aged(40)
        self.put("local", "a", "xxxxxxxxx", at=9)
        self.put("cloud", "a", "yyyyyyy", at=9)
        self.sync(2)
        self.assertIn(old, self.ids())

    def test_what_an_interrupted_run_needs_stays(self):
        self.configure("keep_last = 0\nretention_days = 1\n")
        self.make_some()
        old = self.aged(40)
        journal = self.path("state/docs/journal")
        with open(journal, "wb") as file:
            file.write(b"coldJRNL and then nonsense")
        self.expect(1, "backups", "prune")
        self.assertIn(old, self.ids())
        os.unlink(journal)
        self.prune()
        self.assertNotIn(old, self.ids())

    def test_leftovers_go(self):
        self.make_some()
        ids = self.ids()
        gone = id_at(time.time() - 99, digits="0001")
        for name in (f"{gone}.pruned/local/x", f"{gone}.zip.xxh3",
                     f"{ids[0]}.zip.partial"):
            self.write("state/docs/backups/" + name, "x")
        self.prune()
        self.assertEqual(self.ids(), ids)
        left = set(os.listdir(self.backups))
        want = {self.name_of(i) for i in ids}
        if self.zip:
            want |= {i + ".zip.xxh3" for i in ids}
        self.assertEqual(left, want)

    def test_what_may_be_all_there_is_stays(self):
        self.make_some()
        names = [id_at(time.time() - 99 * DAY, digits=d) + suffix
                 for d, suffix in (("0001", ".partial"), ("0002", ".raw"),
                                   ("0003", ".packed"))]
        for name in names:
            self.write(f"state/docs/backups/{name}/local/x", "x")
        self.prune()
        for name in names:
            self.assertTrue(os.path.exists(
                f"{self.backups}/{name}/local/x"), name)


    # -- create --------------------------------------------------------------

    def create(self, code=0, *options):
        return self.expect(code, "backups", "create", *options,
                           "--json").json()

    def entries(self, snapshot):
        found = self.expect(0, "backups", "show", snapshot, "--json").json()
        return {e["path"]: e for e in found["backups"][0]["entries"]}

    def test_create(self):
        self.put("local", "a", "one", at=1)
        self.put("local", "dir/b", "", at=2)
        self.make_dir("local", "empty")
        self.put("cloud", "c", "not this side")
        before = self.listing()
        made = self.create()
        self.assertEqual((made["files"], made["bytes"], made["linked"]),
                         (2, 3, 0))
        for name, was in before.items():
            self.assertEqual(self.listing()[name], was)
        (backup,) = self.listed()
        self.assertEqual(backup["id"], made["snapshot"])
        self.assertEqual((backup["reason"], backup["sides"]),
                         ("create", ["local"]))
        found = self.entries(made["snapshot"])
        self.assertEqual(set(found), {"a", "dir", "dir/b", "empty"})
        self.assertEqual({e["what"] for e in found.values()}, {"saved"})
        self.assertEqual(found["a"]["mtime"], "2026-01-01T00:00:01.000000000Z")
        self.expect(0, "backups", "verify")
        left = set(os.listdir(self.backups))
        want = {self.name_of(made["snapshot"])}
        if self.zip:
            want.add(made["snapshot"] + ".zip.xxh3")
        self.assertEqual(left, want)
        self.assertEqual(os.listdir(self.cloud), ["c"])

    def test_create_leaves_out_what_is_left_out(self):
        self.profile(extra="[filters]\nexclude_globs = *.log\n"
                     "secret_globs = key\n")
        for name in ("a", "x.log", "key", "dir/y.log"):
            self.put("local", name, name)
        made = self.create()
        self.assertEqual(set(self.entries(made["snapshot"])), {"a", "dir"})

    def test_create_while_the_application_runs(self):
        self.profile(extra="[process_detection]\nprocess_names = "
                     + os.path.basename(os.environ["COLDSYNC"]) + "\n")
        self.put("local", "a", "one")
        self.create()

    def test_what_goes_on_changing_is_told(self):
        self.put("local", "still", "one", at=1)
        path = self.put("local", "busy", b"x" * 16_000_000)
        stop = threading.Event()

        def write():
            with open(path, "r+b") as file:
                n = 0
                while not stop.is_set():
                    n += 1
                    file.seek(n * 4096 % 16_000_000)
                    file.write(b"y")
                    file.flush()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            # On a busy machine the writer may get no turn in between.
            for _ in range(8):
                run = self.coldsync("backups", "create", "--json")
                if run.code != 0:
                    break
        finally:
            stop.set()
            writer.join()
        self.assertEqual(run.code, 1, str(run))
        made = run.json()
        self.assertEqual(made["result"], "partial")
        self.assertEqual([(s["path"], s["reason"]) for s in made["skipped"]],
                         [("busy", "changed_during_sync")])
        self.assertIn("still", self.entries(made["snapshot"]))
        self.expect(0, "backups", "verify")
        self.assertEqual(self.create()["skipped"], [])

    @unittest.skipUnless(POSIX, "no such things")
    def test_links_and_devices(self):
        os.symlink("/etc/passwd", self.local + "/link")
        os.mkfifo(self.local + "/fifo")
        self.put("local", "a", "one")
        made = self.create()
        self.assertEqual(
            sorted((s["path"], s["reason"]) for s in made["skipped"]),
            [("fifo", "special"), ("link", "symlink")])
        self.profile(extra="[sync]\nsymlinks = copy\n")
        found = self.entries(self.create()["snapshot"])
        self.assertEqual(found["link"]["type"], "link")
        self.assertEqual(found["link"]["size"], len("/etc/passwd"))
        self.expect(0, "backups", "verify")

    def test_nothing_to_create_from(self):
        os.rmdir(self.local)
        self.expect(1, "backups", "create")
        self.assertEqual(self.listed(), [])
        self.make_dir("local")
        made = self.create()
        self.assertEqual(made["files"], 0)
        self.assertEqual(self.ids(), [made["snapshot"]])

    @unittest.skipUnless(POSIX, "locks of another kind")
    def test_create_and_prune_wait_for_nobody(self):
        self.put("local", "a", "one")
        self.create()
        with open(self.path("state/docs/lock"), "r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            if sys.platform == "darwin":
                fcntl.flock(file, fcntl.LOCK_EX)
            self.expect(5, "backups", "create")
            self.expect(5, "backups", "prune")
            self.expect(0, "backups", "prune", "--dry-run")
            self.expect(0, "backups", "list")

    def test_what_a_dead_create_left_goes(self):
        self.put("local", "a", "one")
        kept = self.create()["snapshot"]
        dead = id_at(time.time(), digits="0001")
        for name in (f"{dead}.partial/saving", f"{dead}.partial/local/a",
                     f"{dead}.zip", f"{dead}.zip.partial"):
            self.write("state/docs/backups/" + name, "x")
        self.expect(0, "backups", "prune")
        self.assertEqual({name[:len(kept)]
                          for name in os.listdir(self.backups)}, {kept})


class ZipBackups(Backups):
    zip = True


@unittest.skipUnless(POSIX, "no inodes to compare")
class Links(BackupsTest):
    """What did not change takes no room."""

    def create(self):
        # A file this fresh is not trusted to be unchanged.
        time.sleep(0.03)
        made = self.expect(0, "backups", "create", "--json").json()
        self.expect(0, "backups", "verify")
        return made

    def inode(self, made, name):
        return os.stat(os.path.join(
            self.backups, made["snapshot"], "local", name)).st_ino

    def test_unchanged_files_are_one_file(self):
        for name in ("a", "b", "c", "dir/d"):
            self.put("local", name, name * 10, at=1)
        first = self.create()
        # The same size and time, but not the same file.
        self.put("local", "b", "B" * 10, at=1)
        self.put("local", "c", "changed", at=2)
        second = self.create()
        self.assertEqual(second["linked"], 2)
        for name, same in (("a", True), ("b", False), ("c", False),
                           ("dir/d", True)):
            self.assertEqual(
                self.inode(first, name) == self.inode(second, name), same,
                name)
        with open(os.path.join(self.backups, second["snapshot"], "local/b"),
                  encoding="ascii") as file:
            self.assertEqual(file.read(), "B" * 10)

    def test_the_tree_itself_is_never_shared(self):
        path = self.put("local", "a", "one", at=1)
        for made in (self.create(), self.create()):
            self.assertNotEqual(self.inode(made, "a"), os.stat(path).st_ino)
            self.assertEqual(os.stat(path).st_nlink, 1)

    def test_what_is_shared_survives_the_other(self):
        self.configure("keep_last = 0\nretention_days = 0\nmax_backups = 1\n")
        self.put("local", "a", "one", at=1)
        first, second = self.create(), self.create()
        self.assertEqual(second["linked"], 1)
        self.expect(0, "backups", "prune")
        self.assertEqual(self.ids(), [second["snapshot"]])
        self.assertFalse(os.path.exists(
            os.path.join(self.backups, first["snapshot"])))
        self.expect(0, "backups", "verify")

    def test_a_base_that_lost_something(self):
        for name in ("a", "b"):
            self.put("local", name, name, at=1)
        first = self.create()
        os.unlink(os.path.join(self.backups, first["snapshot"], "local/a"))
        time.sleep(0.03)
        made = self.expect(0, "backups", "create", "--json").json()
        self.assertEqual((made["files"], made["linked"]), (2, 1))
        self.expect(0, "backups", "verify", made["snapshot"])

    def test_a_base_that_cannot_be_read(self):
        self.put("local", "a", "one", at=1)
        first = self.create()
        with open(os.path.join(self.backups, first["snapshot"],
                               "manifest.json"), "ab") as file:
            file.write(b" ")
        time.sleep(0.03)
        made = self.expect(0, "backups", "create", "--json").json()
        self.assertEqual((made["files"], made["linked"]), (1, 0))


if __name__ == "__main__":
    main()
