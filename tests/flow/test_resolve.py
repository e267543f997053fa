"""conflicts and resolve: what both sides changed, and how it is settled."""

import os
import shutil
import unittest

from harness import POSIX, main, native
from mirror import MirrorTest


class Conflicted(MirrorTest):
    """Three conflicts; the cloud's versions are the newer ones."""

    def setUp(self):
        super().setUp()
        for name in ("a.txt", "d/b.txt", "d/c.txt", "calm"):
            self.put("local", name, "one\ntwo\nthree\n")
        self.sync()
        for name in ("a.txt", "d/b.txt", "d/c.txt"):
            self.put("local", name, "one\nmine\nthree\n", at=100)
            self.put("cloud", name, "one\ntheirs\nthree\n", at=200)
        self.put("local", "calm", "changed")

    def conflicts(self):
        document = self.coldsync("conflicts", "--json").json()
        return [c["path"] for c in document["conflicts"]]


class List(Conflicted):
    def test_as_text(self):
        before = self.times()
        run = self.expect(2, "conflicts")
        for name in ("a.txt", "d/b.txt", "d/c.txt"):
            self.assertIn(f"  {name}: changed on both sides\n", run.out)
        self.assertIn("(newer)", run.out)
        self.assertNotIn("calm", run.out)
        self.assertIn("coldsync resolve", run.err)
        self.assertEqual(self.times(), before)

    def test_as_json(self):
        document = self.expect(2, "conflicts", "--json").json()
        self.assertEqual(list(document)[7:], ["conflicts"])
        self.assertEqual([c["path"] for c in document["conflicts"]],
                         ["a.txt", "d/b.txt", "d/c.txt"])
        self.assertEqual(document["result"], "conflict")
        self.assertEqual(document["message"],
                         "3 conflicts are left; until that is settled "
                         "nothing is done")

    def test_none(self):
        self.expect(0, "resolve", ".", "--take", "local")
        run = self.expect(0, "conflicts")
        self.assertIn("no conflicts", run.out)
        self.assertEqual(
            self.expect(0, "conflicts", "--json").json()["conflicts"], [])

    def test_what_the_policy_settles(self):
        self.profile(extra="[conflict]\npolicy = prefer_local\n")
        run = self.expect(0, "conflicts")
        self.assertIn("the local side is taken", run.out)
        document = self.expect(0, "conflicts", "--json").json()
        self.assertEqual({c["resolution"] for c in document["conflicts"]},
                         {"local"})

    def test_quiet(self):
        self.assertEqual(self.expect(2, "conflicts", "-q").out, "")

    def test_with_many_deletions_waiting(self):
        for i in range(20):
            self.put("local", f"x{i}", "1")
        self.sync(2, "--policy", "manual_skip")
        for i in range(20):
            self.drop("local", f"x{i}")
        self.document(5, "plan")
        self.expect(2, "conflicts")
        self.assertEqual(len(self.conflicts()), 3)
        self.document(0, "resolve", "a.txt", "--take", "local")
        self.assertEqual(len(self.conflicts()), 2)


class Take(Conflicted):
    MINE = "one\nmine\nthree\n"
    THEIRS = "one\ntheirs\nthree\n"

    def test_each_side(self):
        for take, path, want, lost in (
                ("local", "a.txt", self.MINE, ("cloud/a.txt", self.THEIRS)),
                ("cloud", "d/b.txt", self.THEIRS,
                 ("local/d/b.txt", self.MINE)),
                ("newer", "d/c.txt", self.THEIRS,
                 ("local/d/c.txt", self.MINE))):
            with self.subTest(take=take):
                document = self.document(
                    0, "resolve", path, "--take", take)
                self.assertIs(document["applied"], True)
                self.assertEqual(
                    [c["path"] for c in document["conflicts"]], [path])
                for side in ("local", "cloud"):
                    self.assertEqual(self.tree(side)[path], want)
                self.assertIn(lost, self.kept())
                self.assertNotIn(path, self.conflicts())
                # Nothing else is done.
                self.assertNotEqual(self.tree("cloud")["calm"], "changed")
        self.sync()
        self.assert_quiet()

    def test_both(self):
        document = self.document(0, "resolve", "a.txt", "--take", "both")
        copy = [a for a in document["actions"]
                if a["op"] == "keep_both"][0]["copy"]
        for side in ("local", "cloud"):
            self.assertEqual(self.tree(side)["a.txt"], self.THEIRS)
            self.assertEqual(self.tree(side)[copy], self.MINE)

    def test_merge(self):
        self.put("local", "log", "a\n")
        self.sync(2, "--policy", "manual_skip")
        self.put("local", "log", "a\nb\n")
        self.put("cloud", "log", "a\nc\n")
        document = self.document(0, "resolve", "log", "--take", "merge")
        self.assertEqual(document["conflicts"][0]["resolution"], "merged")
        self.assertEqual(self.tree("local")["log"], "a\nc\nb\n")
        self.assertEqual(self.tree("cloud")["log"], "a\nc\nb\n")

    def test_what_cannot_be_merged(self):
        before = self.tree("local"), self.tree("cloud")
        document = self.document(2, "resolve", "a.txt", "--take", "merge")
        self.assertIsNone(document["conflicts"][0]["resolution"])
        self.assertEqual((self.tree("local"), self.tree("cloud")), before)

    def test_of_one_time(self):
        for side in ("local", "cloud"):
            path = self.path(side, "a.txt")
            os.utime(path, (1e9, 1e9))
        self.document(2, "resolve", "a.txt", "--take", "newer")
        self.assertIn("a.txt", self.conflicts())

    def test_several(self):
        self.document(0, "resolve", "a.txt", "d/c.txt", "--take", "local")
        self.assertEqual(self.conflicts(), ["d/b.txt"])

    def test_a_folder(self):
        self.document(0, "resolve", "./d/", "--take", "cloud")
        self.assertEqual(self.conflicts(), ["a.txt"])

    def test_all(self):
        document = self.document(0, "resolve", ".", "--take", "local")
        self.assertEqual(len(document["conflicts"]), 3)
        self.assertEqual(self.conflicts(), [])

    def test_in_full(self):
        self.document(
            0, "resolve", native(self.path("cloud", "a.txt")),
            "--take", "local")
        self.assertEqual(self.conflicts(), ["d/b.txt", "d/c.txt"])

    def test_twice_the_same(self):
        self.document(0, "resolve", "d", "d/b.txt", "--take", "local")
        self.assertEqual(self.conflicts(), ["a.txt"])

    def test_unknown(self):
        before = self.times()
        run = self.expect(4, "resolve", "d/bb.txt", "--take", "local")
        self.assertIn("no conflict at 'd/bb.txt'", run.err)
        self.assertIn("nearest is 'd/b.txt'", run.err)
        for path in ("../a.txt", "/a.txt", "calm", "d/b.txt/x", ""):
            with self.subTest(path=path):
                if path:
                    self.document(4, "resolve", path, "--take", "local")
        self.document(4, "resolve", "a.txt", "none", "--take", "local")
        after = self.times()
        for path, facts in before.items():
            self.assertEqual(after.get(path), facts)

    def test_of_equal_times(self):
        self.put("local", "e", "mine", at=5)
        self.put("cloud", "e", "else", at=5)
        self.assertEqual(
            [s["reason"] for s in self.document(2, "plan")["skipped"]],
            ["equal_mtime"])
        self.document(0, "resolve", "e", "--take", "cloud")
        self.assertEqual(self.tree("local")["e"], "else")

    def test_an_edit_against_a_deletion(self):
        self.drop("cloud", "a.txt")
        self.document(0, "resolve", "a.txt", "--take", "cloud")
        self.assertNotIn("a.txt", self.tree("local"))
        self.assertIn(("local/a.txt", self.MINE), self.kept())
        self.drop("cloud", "d/b.txt")
        self.document(0, "resolve", "d/b.txt", "--take", "newer")
        self.assertEqual(self.tree("cloud")["d/b.txt"], self.MINE)

    def test_a_database(self):
        for name in ("x.db", "x.db-wal"):
            self.put("local", name, "base" + name)
        self.sync(2, "--policy", "manual_skip")
        self.put("local", "x.db", "mine")
        self.put("cloud", "x.db-wal", "theirs")
        self.assertIn("x.db", self.conflicts())
        # By any of its files.
        self.document(0, "resolve", "x.db-wal", "--take", "local")
        self.assertEqual(self.tree("cloud")["x.db"], "mine")
        self.assertEqual(self.tree("cloud")["x.db-wal"], "basex.db-wal")

    def test_a_copy_of_another_tool(self):
        name = "a (Anna's conflicted copy 2026-01-02).txt"
        self.put("cloud", name, "copy")
        document = self.document(2, "plan")
        kinds = {c["path"]: c["kind"] for c in document["conflicts"]}
        self.assertEqual(kinds.get(name), "provider_copy")
        self.document(0, "resolve", name, "--take", "both")
        self.assertEqual(self.tree("local")[name], "copy")
        self.assertEqual(self.tree("local")["a.txt"], self.MINE)

class Copies(MirrorTest):
    """What a cloud client put beside a file both machines wrote."""

    COPY = "log.sync-conflict-20260101-120000-ABCDEFG.txt"
    OURS, THEIRS = "one\ntwo\nours\n", "one\ntwo\ntheirs\n"

    def setUp(self):
        super().setUp()
        self.put("local", "log.txt", self.OURS, at=100)
        self.sync()
        self.put("cloud", self.COPY, self.THEIRS, at=200)

    def resolve(self, take, code=0):
        return self.document(code, "resolve", self.COPY, "--take", take)

    def holds(self, content):
        """The one file on both sides; the copy is gone, but not its bytes."""
        self.assert_trees({"log.txt": content})
        self.assertIn((f"cloud/{self.COPY}", self.THEIRS), self.kept())
        self.assert_quiet()

    def test_discarded(self):
        self.resolve("local")
        self.holds(self.OURS)

    def test_taken(self):
        document = self.resolve("cloud")
        self.assertEqual(
            [(a["path"], a["op"], a["to"], a["copy"], a["status"])
             for a in document["actions"]],
            [("log.txt", "copy", "both", self.COPY, "done")])
        self.assertEqual(document["conflicts"][0]["resolution"], "cloud")
        self.assertEqual(document["conflicts"][0]["original"], "log.txt")
        self.holds(self.THEIRS)
        for side in ("local", "cloud"):
            self.assertIn((f"{side}/log.txt", self.OURS), self.kept())

    def test_taken_and_undone(self):
        self.resolve("cloud")
        self.expect(0, "undo", "--apply")
        self.assertEqual(self.tree("local"), {"log.txt": self.OURS})
        self.assertEqual(self.tree("cloud"), {
            "log.txt": self.OURS, self.COPY: self.THEIRS})

    def test_merged(self):
        document = self.resolve("merge")
        self.assertEqual(
            [(a["path"], a["op"], a["to"]) for a in document["actions"]],
            [("log.txt", "merge", "both")])
        self.assertEqual(document["summary"]["merged"], 1)
        self.holds("one\ntwo\nours\ntheirs\n")
        for side in ("local", "cloud"):
            self.assertIn((f"{side}/log.txt", self.OURS), self.kept())

    def test_what_cannot_be_merged(self):
        for name, text in (("nothing in common", "three\n"),
                           ("half a line", "one\ntwo\nthr"),
                           ("no text", "one\ntwo\n\0\n"), ("empty", "")):
            with self.subTest(name):
                self.put("cloud", self.COPY, text)
                before = self.tree("local"), self.tree("cloud")
                self.resolve("merge", 2)
                self.assertEqual(
                    (self.tree("local"), self.tree("cloud")), before)

    def test_not_into_an_original_that_is_not_in_step(self):
        self.put("local", "log.txt", self.OURS + "more\n")
        before = self.tree("local"), self.tree("cloud")
        self.resolve("merge", 2)
        self.assertEqual((self.tree("local"), self.tree("cloud")), before)
        self.put("cloud", "log.txt", "one\ntwo\nother\n")
        self.resolve("cloud", 2)

    def test_newer(self):
        self.resolve("newer")
        self.holds(self.THEIRS)
        self.put("cloud", self.COPY, "late\n", at=50)
        self.resolve("newer")
        self.assert_trees({"log.txt": self.THEIRS})

    def test_both(self):
        document = self.resolve("both")
        self.assertEqual(document["conflicts"][0]["resolution"], "both")
        self.assert_trees({"log.txt": self.OURS, self.COPY: self.THEIRS})
        self.assert_quiet()

    @unittest.skipUnless(POSIX, "needs a pseudo-terminal")
    def test_asked(self):
        run = self.on_terminal("resolve", answers=("?", "d", "m"))
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("discard the copy", run.out)
        self.assertIn("+ours", run.out.replace(" ", ""))
        self.assertIn("it is merged with its original", run.out)
        self.assert_trees({"log.txt": "one\ntwo\nours\ntheirs\n"})


class Elsewhere(Conflicted):
    def test_while_paused(self):
        self.expect(0, "pause")
        before = self.tree("local"), self.tree("cloud")
        self.document(5, "resolve", "a.txt", "--take", "local")
        self.assertEqual((self.tree("local"), self.tree("cloud")), before)

    def test_without_a_cloud_folder(self):
        shutil.rmtree(self.cloud)
        self.document(5, "resolve", "a.txt", "--take", "local")

    def test_off_a_terminal(self):
        for args in (("resolve",), ("resolve", "a.txt"),
                     ("resolve", "--take", "local"),
                     ("resolve", "a.txt", "--take", "mine")):
            with self.subTest(args=args):
                self.expect(4, *args)
        self.assertEqual(len(self.conflicts()), 3)

    def test_as_text(self):
        run = self.expect(0, "resolve", "a.txt", "--take", "local")
        self.assertIn("Settled conflicts\n  a.txt: changed on both sides; "
                      "the local side is taken\n", run.out)
        self.assertIn("done: 1 file", run.out)


@unittest.skipUnless(POSIX, "needs a pseudo-terminal")
class Walk(Conflicted):
    MINE = Take.MINE
    THEIRS = Take.THEIRS

    def test_one_by_one(self):
        run = self.on_terminal("resolve", answers=["l", "c", "b"])
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.tree("cloud")["a.txt"], self.MINE)
        self.assertEqual(self.tree("local")["d/b.txt"], self.THEIRS)
        self.assertEqual(len(self.tree("local")), len({
            "a.txt", "calm", "d", "d/b.txt", "d/c.txt", "copy"}))
        self.assertEqual(self.conflicts(), [])

    def test_skipping(self):
        run = self.on_terminal("resolve", answers=["s", "n", "s"])
        self.assertEqual(run.code, 2, run)
        self.assertIn("2 conflicts are left", run.out)
        self.assertEqual(self.conflicts(), ["a.txt", "d/c.txt"])

    def test_stopping(self):
        run = self.on_terminal("resolve", answers=["l", "q"])
        self.assertEqual(run.code, 2, run)
        self.assertEqual(self.conflicts(), ["d/b.txt", "d/c.txt"])

    def test_the_end_of_the_input(self):
        run = self.on_terminal("resolve", answers=[])
        self.assertEqual(run.code, 2, run)
        self.assertEqual(len(self.conflicts()), 3)

    def test_interrupted(self):
        run = self.on_terminal("resolve", answers=["l"], interrupt=True)
        self.assertEqual(run.code, 130, run)
        self.assertEqual(len(self.conflicts()), 3)

    def test_help(self):
        run = self.on_terminal("resolve", answers=["?", "what", "q"])
        self.assertEqual(run.out.count("keep both"), 2, run)

    def test_named_ones_only(self):
        run = self.on_terminal("resolve", "d", answers=["l", "c"])
        self.assertEqual(run.code, 2, run)
        self.assertEqual(self.conflicts(), ["a.txt"])

    def test_named_ones_and_stopping(self):
        run = self.on_terminal("resolve", "d", answers=["q"])
        self.assertEqual(run.code, 2, run)
        self.assertEqual(len(self.conflicts()), 3)

    def test_none(self):
        self.expect(0, "resolve", ".", "--take", "local")
        run = self.on_terminal("resolve")
        self.assertEqual(run.code, 0, run)
        self.assertIn("no conflict to settle", run.out)

    def diff(self, local, cloud):
        for side, content in (("local", local), ("cloud", cloud)):
            if content is None:
                self.drop(side, "a.txt")
            else:
                self.put(side, "a.txt", content)
        run = self.on_terminal("resolve", "a.txt", answers=["d", "q"])
        return run.out.replace("\r\n", "\n")

    def test_difference(self):
        shown = self.diff(self.MINE, self.THEIRS)
        self.assertIn("  one\n- theirs\n+ mine\n  three\n", shown)

    def test_difference_of_binary_files(self):
        shown = self.diff(b"abc\0x", b"abc\0y")
        self.assertIn("first differ at byte 4", shown)
        self.assertRegex(shown, r"local  hash [0-9a-f]{32}\n")

    def test_difference_of_large_files(self):
        same = b"0123456789" * 200000
        shown = self.diff(same + b"x", same + b"yy")
        self.assertIn("first differ at byte 2000000", shown)

    def test_difference_of_very_different_texts(self):
        mine = "".join(f"mine {i}\n" for i in range(2000))
        theirs = "".join(f"theirs {i}\n" for i in range(2000))
        self.assertIn("first differ at byte 0", self.diff(mine, theirs))

    def test_difference_to_nothing(self):
        self.assertIn("only one side has it", self.diff(self.MINE, None))

    def test_difference_with_escapes(self):
        shown = self.diff("\x1b[2J\n", "\x1b[3J\n")
        self.assertNotIn("\x1b[2J", shown)
        self.assertIn("+ \\e[2J\n", shown)

    def test_difference_in_the_way(self):
        os.unlink(self.path("cloud/a.txt"))
        self.make_dir("cloud/a.txt")
        run = self.on_terminal("resolve", "a.txt", answers=["d", "q"])
        self.assertIn("only files can be compared", run.out)


if __name__ == "__main__":
    main()
