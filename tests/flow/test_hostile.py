"""Hostile snapshots: refused whole, by whatever would read them, with nothing
written anywhere and little time or memory spent."""

import io
import os
import shutil
import stat
import unittest

try:
    import resource
except ImportError:  # Python on Windows has none
    resource = None

import forge
from harness import POSIX, WINDOWS, is_sanitized, main, native
from mirror import MirrorTest

# Everything in full, as scripts/torture has it; or a sample of the longest.
ALL = bool(os.environ.get("COLDSYNC_ALL"))

OUTSIDE = "../../../../outside"


def path_of(entry, new):
    """A change that gives an entry another path, its content along with it."""
    def change(f):
        one = f.entry(entry)
        place = "local/" + new
        f.content[place] = f.content.pop("local/" + entry)
        one["path"] = new
        return f
    return change


def set_in(entry, **members):
    return lambda f: f.entry(entry).update(members)


def lie(place, **fields):
    return lambda f: f.archive.lies.update({place: fields})


def change_doc(**members):
    return lambda f: f.doc.update(members)


def add(path, text="text", **more):
    return lambda f: f.add(path, text, **{"hash": "settle", **more})


def both(*changes):
    def change(f):
        for one in changes:
            one(f)
    return change


def link_away(f):
    """A link, and what would be written through it."""
    f.add("way", OUTSIDE, type="link", hash="settle",
          kept_as="local.1/way").pop("exec")
    f.add("way/victim", "written through", hash="settle")


def wrap(before=b"", after=b""):
    def change(f):
        f.raw_json = before + f.text() + after
    return change


def nest(f):
    f.doc["later"] = 0
    f.raw_json = f.text().replace(b'"later": 0', b'"later": ' + b"[" * 100000
                                  + b"]" * 100000)


def twice_in_text(f):
    f.raw_json = f.text().replace(b'"schema": 1', b'"schema": 1, "schema": 1')


def short_totals(f):
    f.count(-1, 0)


def overflow(f):
    """Sizes whose sum comes round to what is said."""
    for name in ("big1", "big2"):
        f.add(name, "x", hash="settle", size=2**63 - 1)


# Refused whatever is asked of them: (name, form or None for both, change).
BROKEN = [
    *[(f"path {path!r}", None, path_of("gone", path)) for path in (
        "..", "../x", "a/../../x", "d/..", ".", "./x", "d/./x", "/x",
        "//server/share/x", "d//x", "x/", "", "nul\0byte", "\0",
        ".coldsync/id-x", ".COLDSYNC/x")],
    *[(f"kept_as {place!r}", None, set_in("gone", kept_as=place))
      for place in ("../x", "local/../../x", "/x", "cloud/gone", "local",
                    "manifest.json", "local.0/x", "local.1000/x", "local./x",
                    "local/x\0", "\\\\server\\x", "C:/x")],
    ("bytes of another path", None, set_in("gone", path_hex="2e2e2f78")),
    ("bytes that climb", None,
     set_in("gone", path="../\ufffd", path_hex="2e2e2fff")),
    ("moved out of the tree", None, set_in(
        "gone", what="moved", **{"from": "../../outside/secret"})),
    ("a link and what is behind it", None, link_away),
    ("one path twice", None, add("gone", kept_as="local.1/gone")),
    ("one entry twice", None,
     lambda f: f.doc["entries"].append(f.entry("gone"))),
    ("a file with a file in it", None, add("gone/x")),
    ("the same, kept apart", None, add("gone/x", kept_as="local.1/gone/x")),
    ("a file in a directory that was one", None,
     both(add("x"), add("x/y/z", kept_as="local.1/x/y/z"))),
    ("a size too large", None, set_in("gone", size=5)),
    ("a size too small", None, set_in("gone", size=3)),
    ("no file is so large", None, set_in("gone", size=2**63)),
    ("no number is so large", None, set_in("gone", size=2**64)),
    ("a negative size", None, set_in("gone", size=-1)),
    ("sizes that overflow", None, overflow),
    ("totals that are wrong", None, short_totals),
    ("setuid", None, set_in("gone", mode="4755")),
    ("setgid", None, set_in("gone", mode="2755")),
    ("a device", None, set_in("gone", type="device")),
    ("a FIFO", None, set_in("gone", type="fifo")),
    ("an unknown deed", None, set_in("gone", what="erased")),
    ("another snapshot's", None, change_doc(id="20200101T000000Z-testbox-0000")),
    ("another machine's", None, change_doc(machine="other")),
    ("a newer version", None, change_doc(schema=2)),
    ("no entries", None, lambda f: f.doc.pop("entries")),
    ("nothing", None, lambda f: setattr(f, "raw_json", b"")),
    ("zeros", None, lambda f: setattr(f, "raw_json", bytes(100000))),
    ("more behind it", None, wrap(after=b"{}")),
    ("a member twice", None, twice_in_text),
    ("nested deeply", None, nest),
    ("one thing missing", None, lambda f: f.content.pop("local/gone")),
    # what only a directory can be
    ("one thing more", "dir", lambda f: f.content.update(
        {"local/more": b"more"})),
    ("a file beside it", "dir", lambda f: f.content.update({"x": b"more"})),
    # what only an archive can be
    *[(f"an entry {name!r} more", "zip",
       lambda f, name=name: f.archive.extra.update({name: b"more"}))
      for name in ("local/more", "../../outside/x", "/tmp/x", "C:\\x",
                   "local/d/", "..\\x", "local/gone\0")],
    ("one name twice", "zip", lambda f: f.archive.twice.append("local/gone")),
    ("entries that overlap", "zip", lambda f: [
        f.archive.lies.update({"local/d/b": {"offset": 0, "size": 4}})]),
    ("a thousand entries in one place", "zip", lambda f: [
        f.archive.extra.update({f"local/n{i}": b"" for i in range(1000)}),
        f.archive.lies.update({f"local/n{i}": {"offset": 0}
                               for i in range(1000)})]),
    ("a size that is not so", "zip", lie("local/gone", size=2**31)),
    ("a beginning that is not there", "zip",
     lie("local/gone", offset=2**31)),
    ("packed beyond the end", "zip", lie("local/gone", packed=2**31)),
    ("encrypted", "zip", lie("local/gone", flags=0x801)),
    ("strongly encrypted", "zip", lie("local/gone", flags=0x841)),
    ("packed in another way", "zip", lie("local/gone", method=12)),
    ("stored, of another size", "zip", lie("local/gone", method=0)),
    ("a link for a file", "zip",
     lie("local/gone", mode=stat.S_IFLNK | 0o777)),
    ("a device in the archive", "zip",
     lie("local/gone", mode=stat.S_IFBLK | 0o600)),
    ("a FIFO in the archive", "zip",
     lie("local/gone", mode=stat.S_IFIFO | 0o600)),
    ("setuid in the archive", "zip",
     lie("local/gone", mode=stat.S_IFREG | 0o4755)),
    ("an encrypted manifest", "zip", lie("manifest.json", flags=0x801)),
    ("a manifest that is a link", "zip",
     lie("manifest.json", mode=stat.S_IFLNK | 0o777)),
    ("a manifest of another size", "zip", lie("manifest.json", size=10)),
    ("a manifest of another sum", "zip", lie("manifest.json", crc=1)),
    ("fewer entries than it says", "zip",
     lambda f: f.archive.end.update(count=60000)),
    ("more entries than it says", "zip",
     lambda f: f.archive.end.update(count=1)),
    ("a directory beyond the end", "zip",
     lambda f: f.archive.end.update(start=2**31)),
    ("an endless directory", "zip",
     lambda f: f.archive.end.update(length=2**32 - 2)),
    ("more behind the end", "zip",
     lambda f: setattr(f.archive, "tail", b"more")),
]

if POSIX:
    BROKEN += [
        ("a link to a directory outside", "dir",
         lambda f: f.links.update({"local/d": OUTSIDE})),
        ("a side that is a link", "dir",
         lambda f: f.links.update({"local": OUTSIDE})),
        ("a link for a file", "dir",
         lambda f: f.links.update({"local/gone": OUTSIDE + "/secret"})),
        ("a manifest that is a link", "dir",
         lambda f: f.links.update({"manifest.json": OUTSIDE + "/secret"})),
        ("a FIFO for a file", "dir", lambda f: f.fifos.append("local/gone")),
        ("a FIFO for a manifest", "dir",
         lambda f: f.fifos.append("manifest.json")),
    ]

# Found when the content is read, and so before anything of it is written.
LYING = [
    ("another hash", None, set_in("gone", hash="0" * 32)),
    ("no hash", None, set_in("gone", hash=None)),
    ("another content", None,
     lambda f: f.content.update({"local/gone": b"Gone"})),
    ("more packed than it says", "zip", both(
        lie("local/gone", size=4), lambda f: f.content.update(
            {"local/gone": b"gone" * 100000}))),
    ("another checksum", "zip", lie("local/gone", crc=1)),
    ("another checksum in front", "zip", lie("local/gone", local_crc=1)),
    ("another name in front", "zip",
     lie("local/gone", local_name=b"local/Gone")),
    ("another size in front", "zip", lie("local/gone", local_size=5)),
    ("packed otherwise in front", "zip", lie("local/gone", local_method=0)),
    ("encrypted in front", "zip", lie("local/gone", local_flags=0x801)),
]

# Ordinary names where there are no drives, streams and devices.
WINDOWS_NAMES = ["C:\\x", "C:x", "C:", "\\\\server\\share\\x", "\\\\?\\C:\\x",
                 "a\\b", "..\\x", "file:stream", "file::$DATA", "CON", "nul",
                 "aux.txt", "COM1", "LPT9.log", "com\u00b9", "CONIN$", "x.",
                 "x ", "d./x", "NUL/x", "a<b", "a|b", "a?b", "a*b", 'a"b']


class Hostile(MirrorTest):
    def setUp(self):
        super().setUp()
        self.profile(extra="[backup]\nretention_days = 0\n"
                     "[sync]\ndurability = none\n")
        self.write("outside/secret", "a secret")
        self.write("outside/victim", "nobody's business")
        self.put("local", "a", "old a", at=1)
        self.put("local", "gone", "gone", at=2)
        self.put("local", "d/b", "old b", at=3)
        self.put("local", "same", "same", at=4)
        self.sync()
        self.put("cloud", "a", "new a", at=11)
        self.drop("cloud", "gone")
        shutil.rmtree(self.path("cloud/d"))
        self.id = self.sync()["snapshot"]
        self.backups = self.path("state/docs/backups")
        real = os.path.join(self.backups, self.id)
        self.manifest, self.content = forge.take_apart(real)
        shutil.rmtree(real)
        self.work = self.make_dir("work")

    def forged(self, change=None):
        f = forge.Forgery(self.manifest, self.content)
        if change is not None:
            change(f)
        return f

    def lay(self, f, form):
        """Put it where the real one was."""
        self.clear()
        return f.put(self.backups, form, self.work)

    def clear(self):
        for name in os.listdir(self.backups):
            full = os.path.join(self.backups, name)
            if os.path.isdir(full):
                shutil.rmtree(full)
            else:
                os.unlink(full)

    def everything(self):
        """All but what a run says of itself: history, log, lock."""
        found = {}
        for top, dirs, files in os.walk(self.home):
            dirs[:] = [d for d in dirs if os.path.join(top, d)
                       not in (self.work, self.path("xdg-state"))]
            for name in [*dirs, *files]:
                full = os.path.join(top, name)
                info = os.lstat(full)
                inside = os.path.relpath(full, self.home)
                if not inside.startswith("state/docs") or (
                        inside.startswith("state/docs/backups")):
                    found[inside] = (info.st_mode, info.st_size,
                                     info.st_mtime_ns, info.st_ino)
        return found

    def assert_holds(self, path, text):
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)

    def refused(self, f, form, commands):
        self.lay(f, form)
        before = self.everything()
        problems = self.expect(
            1, "backups", "verify", self.id, "--json").json()["backups"]
        self.assertTrue(problems[0]["problems"])
        for command in commands:
            run = self.coldsync(*command)
            self.assertIn(run.code, (1, 5), str(run))
            self.assert_explained(run)
            self.assertEqual(self.everything(), before, str(run))

    def commands(self, *more):
        there = native(self.path("there"))
        return [("restore", "--from", self.id, "--apply", *more),
                ("restore", "--from", self.id, "--to", there, "--apply", *more),
                ("undo", "--apply")]

    def each(self, cases, *more):
        for i, (name, only, change) in enumerate(cases):
            commands = self.commands(*more)
            if not ALL and i % 4 != 0:
                commands = commands[i % 2:i % 2 + 1]
            for form in ("dir", "zip") if only is None else (only,):
                with self.subTest(name, form=form):
                    self.refused(self.forged(change), form, commands)

    # -- the forger is able --------------------------------------------------

    def test_what_is_forged_well_is_taken(self):
        for form in ("dir", "zip"):
            with self.subTest(form):
                f = self.forged(add("more", "more text"))
                path = self.lay(f, form)
                if form == "zip":
                    with open(path, "rb") as file:
                        self.assertTrue(forge.readable(
                            io.BytesIO(file.read())))
                self.expect(0, "backups", "verify", self.id)
                there = self.path("there-" + form)
                self.document(0, "restore", "--from", self.id, "--to",
                              native(there), "--apply")
                for name, text in (("a", "old a"), ("gone", "gone"),
                                   ("d/b", "old b"), ("more", "more text")):
                    self.assert_holds(os.path.join(there, name), text)
        self.document(0, "undo", "--apply")

    # -- what is not ---------------------------------------------------------

    def test_broken(self):
        """Even when only something harmless is asked for."""
        self.each(BROKEN)
        self.each(BROKEN[::3], "a")

    def test_lying(self):
        self.each(LYING)

    def test_names_of_another_system(self):
        """Where they lead elsewhere they are refused, and elsewhere they are
        names like any other."""
        for name in WINDOWS_NAMES:
            with self.subTest(name):
                f = self.forged(path_of("gone", name))
                if WINDOWS:
                    self.refused(f, "zip", self.commands())
                    continue
                self.lay(f, "zip")
                self.expect(0, "backups", "verify", self.id)
                there = self.path("there")
                self.document(0, "restore", "--from", self.id, "--to", there,
                              "--apply", name)
                self.assertEqual(
                    [os.path.join(top, one)[len(there) + 1:]
                     for top, _dirs, files in os.walk(there)
                     for one in files], [name])
                shutil.rmtree(there)

    def test_names_that_are_one_elsewhere(self):
        """Refused where the folder takes them for one, only there."""
        for one, two in (("N", "n"), ("D/x", "d/b2"), ("\u00e9", "e\u0301"),
                         ("\u03c3", "\u03a3")):
            with self.subTest(one):
                f = self.forged(both(add(one, "one"), add(two, "two")))
                self.lay(f, "zip")
                if WINDOWS:
                    before = self.everything()
                    for command in self.commands()[:2]:
                        self.expect(5, *command)
                        self.assertEqual(self.everything(), before)
                    continue
                there = self.path("there")
                self.document(0, "restore", "--from", self.id, "--to", there,
                              "--apply")
                for name, text in ((one, "one"), (two, "two")):
                    self.assert_holds(os.path.join(there, name), text)
                shutil.rmtree(there)

    @unittest.skipUnless(POSIX, "no such bits")
    def test_setuid_in_a_directory_does_not_come_back(self):
        f = self.forged()
        f.modes["local/gone"] = 0o6777
        self.lay(f, "dir")
        self.document(0, "restore", "--from", self.id, "--apply", "gone")
        mode = stat.S_IMODE(os.stat(self.path("local/gone")).st_mode)
        self.assertEqual(mode & 0o7000, 0)

    # -- much of it ----------------------------------------------------------

    def test_cut_anywhere(self):
        step = 1 if ALL else 97
        there = native(self.path("there"))
        path = self.lay(self.forged(), "zip")
        with open(path, "rb") as file:
            whole = file.read()
        before = set(self.everything())
        for n in [*range(0, len(whole), step), len(whole) - 1]:
            with open(path, "wb") as file:
                file.write(whole[:n])
            for command in (("backups", "verify", self.id),
                            ("restore", "--from", self.id, "--to", there,
                             "--apply")):
                self.expect(1, *command)
            self.assertEqual(set(self.everything()), before)

    def test_a_bomb(self):
        """Much that packs to little is read, not kept: in bounded memory."""
        f = self.forged(set_in("gone", size=4))
        f.content["local/gone"] = bytes(64 << 20)
        f.archive.lies["local/gone"] = {"size": 4}
        self.bounded(lambda: self.refused(f, "zip", self.commands()),
                     seconds=5, grows_mb=64)

    def test_very_many_entries(self):
        many = 1_000_000 if ALL else 50_000
        # What a child is said to have taken includes this program's own.
        mb = 4000 if ALL else 600
        f = self.forged()
        after = {"type": "dir", "mtime": 0, "mtime_nsec": 0, "mode": "0700"}
        for i in range(many):
            f.doc["entries"].append({"side": "local", "path": f"n{i}",
                                     "what": "made", "after": after})
        f.add("../x", "the last of them", hash="settle")
        self.bounded(lambda: self.refused(f, "zip", self.commands()),
                     seconds=many / 1000, grows_mb=mb)
        f = self.forged()
        f.archive.extra = {f"local/n{i}": b"" for i in range(many)}
        f.archive.end["count"] = 65535
        self.bounded(lambda: self.refused(f, "zip", self.commands()),
                     seconds=many / 1000, grows_mb=mb)

    def bounded(self, work, seconds, grows_mb):
        """No child of ours took more than so much."""
        if resource is None or is_sanitized():
            work()
            return
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_utime - before.ru_utime, seconds)
        self.assertLess(after.ru_maxrss, grows_mb << 10)


if __name__ == "__main__":
    main()
