"""What only Windows does to files, and coldsync.exe makes of it."""

import os
import shutil
import stat
import subprocess
import time
import unittest
import zipfile
import xml.etree.ElementTree as ElementTree

from apps import APP, AppTest
from harness import EMULATOR, WINDOWS, main, native
from mirror import EPOCH, MirrorTest

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

# Longer than MAX_PATH on its own, and in each part than nothing.
LONG = "/".join(f"{i}-" + "a-long-name-" * 5 for i in range(8))


def attrib(*words):
    """Windows' own tool for attributes; returns what it says."""
    return subprocess.run([*EMULATOR, "attrib", *words], capture_output=True,
                          timeout=60, check=True).stdout.decode()


def tool(name):
    """One of the programs made for these tests."""
    return os.path.join(os.path.dirname(os.environ["COLDSYNC_IDLE"]), name)


@unittest.skipUnless(WINDOWS, "for Windows")
class Names(MirrorTest):
    def test_longer_than_a_path_may_be(self):
        self.put("local", LONG + "/deep.txt", "one")
        self.put("cloud", "b/" + LONG + "/deep.txt", "two")
        self.sync()
        self.assertEqual(self.tree("cloud"), self.tree("local"))
        self.put("local", LONG + "/deep.txt", "changed")
        self.put("cloud", "b/" + LONG + "/deep.txt", "changed, too")
        self.sync()
        self.assertEqual(self.tree("cloud")[LONG + "/deep.txt"], "changed")
        self.assertEqual(self.tree("local")["b/" + LONG + "/deep.txt"],
                         "changed, too")
        self.assertEqual([text for _path, text in self.kept()],
                         ["one", "two"])
        shutil.rmtree(self.path("local", LONG.split("/")[0]))
        self.sync(0, "--allow-deletes")
        self.assertNotIn(LONG + "/deep.txt", self.tree("cloud"))
        self.expect(0, "undo", "--apply")
        self.assertEqual(self.tree("cloud")[LONG + "/deep.txt"], "changed")

    def test_of_every_script(self):
        names = ("café", "\u65e5\u672c\u8a9e", "\U0001f600 smile", "e\u0301",
                 "with blanks  in", "[a] {b} 100% & ^ ! ' ; = ,")
        for name in names:
            self.put("local", f"{name}.txt", name)
            self.put("cloud", f"d {name}/{name}.txt", name)
        document = self.sync()
        self.assertEqual(document["summary"]["to_local"], 2 * len(names))
        self.assertEqual(self.tree("cloud"), self.tree("local"))
        for name in names:
            self.assertEqual(self.tree("cloud")[f"{name}.txt"], name)
        self.assert_quiet()

    def test_what_another_system_may_call_a_file(self):
        """They are left where they are, and all others go over."""
        bad = ("nul.txt", "con", "COM1.log", "trailing.", "blank ")
        for name in bad:
            self.put("cloud", name, "from elsewhere")
        self.put("cloud", "good", "one")
        document = self.document(2, "sync", "--apply")
        self.assertEqual(
            sorted(skipped["path"] for skipped in document["skipped"]
                   if skipped["reason"] == "invalid_name"), sorted(bad))
        self.assertEqual(self.tree("local"), {"good": "one"})
        self.assertEqual(sorted(self.tree("cloud")), sorted((*bad, "good")))

    def test_case_is_no_difference(self):
        """A file renamed in case only is renamed, and nothing else; two
        names that differ in nothing else are a conflict."""
        self.put("local", "Read Me.txt", "one")
        self.put("local", "Folder/in", "two")
        self.sync()
        os.rename(self.path("local/Read Me.txt"),
                  self.path("local/README.txt"))
        os.rename(self.path("local/README.txt"),
                  self.path("local/read me.txt"))
        os.rename(self.path("local/Folder"), self.path("local/FOLDER"))
        run = self.coldsync("sync", "--apply", "--json")
        document = run.json()
        self.assertEqual(document["summary"]["delete_cloud"], 0)
        self.assertEqual({action["op"] for action in document["actions"]},
                         {"move"})
        if run.code == 1:
            self.assertIn("the old spelling is kept",
                          document["actions"][0]["error"])
            self.assertEqual(self.tree("cloud"), {
                "Read Me.txt": "one", "Folder": None, "Folder/in": "two"})
            self.skipTest("Wine renames nothing when only the case changes")
        self.assert_trees({"read me.txt": "one", "FOLDER": None,
                           "FOLDER/in": "two"})
        self.assert_quiet()

    def test_twins_are_a_conflict(self):
        self.put("local", "twin", "mine")
        self.put("cloud", "TWIN", "theirs")
        document = self.sync(2)
        self.assertEqual({conflict["kind"]
                          for conflict in document["conflicts"]},
                         {"case_collision"})
        self.assertEqual(self.tree("local")["twin"], "mine")
        self.assertEqual(self.tree("cloud")["TWIN"], "theirs")


@unittest.skipUnless(WINDOWS, "for Windows")
class Attributes(MirrorTest):
    def writable(self, path):
        return bool(os.stat(self.path(path)).st_mode & stat.S_IWUSR)

    def test_read_only(self):
        """It stands in the way of nothing, and stays with the file that has
        it."""
        for side, name in (("local", "up"), ("cloud", "down")):
            self.put(side, name, "one", at=10)
            attrib("+R", native(self.path(side, name)))
        self.sync()
        self.assert_trees({"up": "one", "down": "one"})
        self.assertFalse(self.writable("local/up"))
        self.assertFalse(self.writable("cloud/down"))
        for side, name in (("local", "up"), ("cloud", "down")):
            attrib("-R", native(self.path(side, name)))
            self.put(side, name, "two", at=20)
        for side, name in (("cloud", "up"), ("local", "down")):
            attrib("+R", native(self.path(side, name)))
        self.sync()
        self.assert_trees({"up": "two", "down": "two"})
        for name in ("up", "down"):
            attrib("+R", native(self.path("cloud", name)))
            attrib("-R", native(self.path("local", name)))
            self.drop("local", name)
        self.sync(0, "--allow-deletes")
        self.assert_trees({})
        self.assertEqual(sorted(text for _path, text in self.kept()),
                         ["one", "one", "two", "two"])

    def test_hidden(self):
        for side in ("local", "cloud"):
            self.put(side, f"from-{side}", "one", at=10)
        self.sync()
        for side in ("local", "cloud"):
            attrib("+H", native(self.path(side, "from-cloud")))
        if " H " not in attrib(native(self.path("cloud", "from-cloud"))):
            self.skipTest("the file system keeps no such attribute")
        self.put("local", "from-cloud", "two", at=20)
        self.sync()
        self.assertEqual(self.tree("cloud")["from-cloud"], "two")
        self.assertIn(" H ", attrib(native(self.path("cloud", "from-cloud"))))
        self.put("local", "new", "three")
        attrib("+H", native(self.path("local/new")))
        self.sync()
        self.assertEqual(self.tree("cloud")["new"], "three")
        self.assert_quiet()

    def test_times_to_the_last_digit(self):
        path = self.put("local", "a", "one")
        os.utime(path, ns=(0, EPOCH * 10**9 + 123456700))
        self.sync()
        self.assertEqual(os.stat(self.path("cloud/a")).st_mtime_ns,
                         EPOCH * 10**9 + 123456700)


@unittest.skipUnless(WINDOWS, "for Windows")
class Held(AppTest):
    """Somebody, a cloud client or a scanner, has a file open and lets nobody
    rename it."""

    def setUp(self):
        super().setUp()
        self.put("local", "a", "one", at=10)
        self.put("local", "b", "one", at=10)
        self.expect(0, "push")

    def change(self):
        self.put("local", "a", "two", at=20)
        self.put("local", "b", "two", at=20)

    def test_for_a_while(self):
        holder = self.start("scanner", native(self.path("cloud/a")))
        self.change()
        run = self.begin("push")
        time.sleep(1.5)
        self.assertIsNone(run.poll(), "it does not try again")
        self.stop(holder)
        _out, err = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 0, err)
        self.assert_trees({"a": "two", "b": "two"})

    def test_for_ever(self):
        """That path is left and told; the others are done."""
        holder = self.start("scanner", native(self.path("cloud/a")))
        self.change()
        begun = time.monotonic()
        document = self.document(1, "push")
        self.assertLess(time.monotonic() - begun, 50)
        self.assertEqual([action["path"] for action in document["actions"]
                          if action["status"] == "failed"], ["a"])
        self.assertEqual(self.tree("cloud"), {"a": "one", "b": "two"})
        self.assertEqual(self.tree("local"), {"a": "two", "b": "two"})
        self.stop(holder)
        self.sync()
        self.assert_trees({"a": "two", "b": "two"})
        self.assert_quiet()


@unittest.skipUnless(WINDOWS, "for Windows")
class Snapshots(MirrorTest):
    def there_and_back(self, extra):
        self.profile(extra=extra)
        old = {"plain": "one", "caf\u00e9/\u65e5\u672c": "two",
               LONG + "/x": "three"}
        for name, text in old.items():
            self.put("cloud", name, text, at=10)
        self.sync()
        for name in old:
            self.put("local", name, "changed", at=20)
        snapshot = self.sync()["snapshot"]
        self.expect(0, "backups", "verify", snapshot)
        self.expect(0, "restore", "--target", "cloud", "--from", snapshot,
                    "--apply")
        found = self.tree("cloud")
        for name, text in old.items():
            self.assertEqual(found[name], text)
        return snapshot, old

    def test_as_directories(self):
        snapshot, old = self.there_and_back("")
        for name, text in old.items():
            with open(self.path("state/docs/backups", snapshot, "cloud",
                                name), encoding="utf-8") as file:
                self.assertEqual(file.read(), text)

    def test_as_zip(self):
        snapshot, old = self.there_and_back("[backup]\ncompression = zip\n")
        with zipfile.ZipFile(self.path(
                "state/docs/backups", snapshot + ".zip")) as archive:
            self.assertIsNone(archive.testzip())
            for name, text in old.items():
                self.assertEqual(archive.read("cloud/" + name).decode(), text)


YES, NO, CANCEL = "6", "7", "2"


@unittest.skipUnless(WINDOWS, "for Windows")
class Asked(AppTest):
    """In a message box, where there is no terminal."""

    def setUp(self):
        super().setUp()
        self.put("local", "a", "one", at=10)
        self.guarded(APP, extra="allow_terminate_if_running = yes\n"
                                "terminate_timeout_seconds = 1\n")

    def answered(self, button, *args):
        """Run it, and let somebody press that button; returns exit code, what
        the box said, and the output."""
        finger = self.launch([*EMULATOR, tool("press.exe"), APP, button])
        run = self.begin(*args)
        out, err = run.communicate(timeout=60)
        self.assertEqual(finger.wait(timeout=60), 0, err)
        return run.returncode, finger.stdout.read().decode(), out

    def test_whether_to_end_the_application(self):
        child = self.start(APP)
        code, said, _out = self.answered(NO, "push")
        self.assertEqual(code, 3)
        self.assertIn(APP, said)
        self.assertIn("Yes: Terminate", said)
        self.assertIsNone(child.poll())
        self.assertEqual(self.tree("cloud"), {})
        code, _said, _out = self.answered(YES, "push")
        self.assertEqual(code, 0)
        child.wait(timeout=30)
        self.assertEqual(self.tree("cloud"), {"a": "one"})

    def test_whether_to_start_all_the_same(self):
        self.put("cloud", "a", "theirs", at=20)
        line = ("run", "--", native(self.program(APP + "x")))
        code, said, out = self.answered(CANCEL, *line)
        self.assertEqual((code, out), (2, b""))
        self.assertIn("No: Start anyway", said)
        code, _said, out = self.answered(NO, *line)
        self.assertEqual((code, out.strip()), (2, b"ready"))


@unittest.skipUnless(WINDOWS, "for Windows")
class Schedule(MirrorTest):
    def test_a_task_comes_and_goes(self):
        """What the Task Scheduler is given is XML, and is found again."""
        tools = self.make_dir("tools")
        shutil.copy(tool("schtasks.exe"), tools)
        env = {"WINEPATH": native(tools), "TASK": native(self.path("task"))}

        def schedule(code, *args):
            return self.expect(code, "schedule", *args, "--using", "task",
                               env=env)
        self.assertIn("not scheduled", schedule(0, "status").out)
        schedule(0, "install", "--daily", "07:30", "--mode", "apply")
        task = ElementTree.parse(self.path("task")).getroot()
        self.assertTrue(task.find(f".//{TASK}StartBoundary").text.endswith(
            "T07:30:00"))
        self.assertIn("--apply", task.find(f".//{TASK}Arguments").text)
        self.assertIn("07:30", schedule(0, "status").out)
        schedule(0, "install", "--every", "15m")
        task = ElementTree.parse(self.path("task")).getroot()
        self.assertEqual(task.find(f".//{TASK}Interval").text, "PT15M")
        schedule(0, "remove")
        self.assertFalse(os.path.exists(self.path("task")))


if __name__ == "__main__":
    main(at_once=4)
