"""From machine to machine: codes, who shares the folder, who is gone."""

import os
import re
import shutil
import subprocess
import threading
import time
import unittest

from harness import POSIX, main
from machines import MachinesTest, tree

CODE = re.compile(r"\A[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\Z")


class Handoff(MachinesTest):
    def setUp(self):
        super().setUp()
        self.a, self.b = self.machine("a"), self.machine("b")
        self.a.write("one", "1")
        self.a.write("deep/two", "2")

    def handoff(self, machine):
        document = machine.json(0, "handoff")
        self.assertRegex(document["code"], CODE)
        return document["code"]

    def test_there_and_back(self):
        code = self.handoff(self.a)
        self.b(0, "receive", code)
        self.assertEqual(self.b.tree(), self.a.tree())
        self.b.write("one", "uno")
        back = self.handoff(self.b)
        self.assertNotEqual(back, code)
        self.a(0, "receive", back.lower().replace("-", ""))
        self.assertEqual(self.a.read("one"), "uno")

    def test_members(self):
        document = self.a.json(0, "handoff")
        self.assertEqual(document["generation"], 1)
        self.assertEqual(document["files"], 2)
        self.assertEqual(document["bytes"], 2)
        again = self.a.json(0, "handoff")
        self.assertEqual(again["code"], document["code"])
        self.assertEqual(again["generation"], 1)
        quiet = self.a(0, "--quiet", "handoff")
        self.assertEqual(quiet.out.strip(), document["code"])

    def test_the_code_is_the_content(self):
        code = self.handoff(self.a)
        self.a.write("one", "other")
        self.assertNotEqual(self.handoff(self.a), code)
        self.a.write("one", "1")
        os.utime(os.path.join(self.a.local, "one"), (1, 1))
        os.makedirs(os.path.join(self.a.local, "empty"))
        os.chmod(os.path.join(self.a.local, "deep", "two"), 0o600)
        self.assertEqual(self.handoff(self.a), code)
        # A known tree has a known code, on every system.
        self.assertEqual(code, "B8BN-4RP5")

    def test_the_same_code_everywhere(self):
        """Written down here for all systems: names outside ASCII
        count composed; times and who may execute do not."""
        for names in (("\u00fcber/\u00e9t\u00e9.txt", "\u1e9b\u0323"),
                      ("u\u0308ber/e\u0301te\u0301.txt", "\u017f\u0323\u0307")):
            with self.subTest(names=names):
                machine = self.machine(f"m{len(names[0])}",
                                       cloud=f"cloud{len(names[0])}")
                machine.write(names[0], "x")
                machine.write(names[1], "")
                machine.write("a b/\U0001f642", "y\n")
                path = machine.write("tool", "#!/bin/sh\n")
                os.utime(path, (86400, 86400 * len(names[0])))
                if len(names[0]) > 12:
                    os.chmod(path, 0o755)
                self.assertEqual(self.handoff(machine), "5PNC-JAXA")

    def test_no_code_for_half_of_it(self):
        self.handoff(self.a)
        self.b.write("one", "theirs")
        document = self.b.json(2, "handoff")
        self.assertIsNone(document["code"])

    def test_receive_waits(self):
        self.b.sync()
        self.a.sync()
        self.b.sync()
        before = self.save_cloud()
        self.a.write("late", "arrives late")
        code = self.handoff(self.a)
        after = self.save_cloud()
        self.load_cloud(before)
        run = self.b(5, "receive", code, "--wait", "1")
        self.assertIn("hint: ", run.err)
        self.assertNotIn("late", self.b.tree())

        def arrive():
            time.sleep(1.5)
            self.in_cloud(".coldsync/machine-a.manifest", open(
                os.path.join(after, ".coldsync/machine-a.manifest"),
                "rb").read())
            time.sleep(1.5)
            self.in_cloud("late", "arrives late")
        client = threading.Thread(target=arrive)
        client.start()
        run = self.b(0, "receive", code, "--wait", "30")
        client.join()
        self.assertIn("waiting", run.err)
        self.assertIn("late (missing)", run.err)
        self.assertEqual(self.b.read("late"), "arrives late")

    def test_wrong_codes(self):
        code = self.handoff(self.a)
        self.b(4, "receive")
        self.b(4, "receive", "no code")
        self.b(4, "receive", code[:-1] + "U")
        other = ("1" if code[0] == "0" else "0") + code[1:]
        run = self.b(5, "receive", other, "--wait", "0")
        self.assertIn(code, run.err)
        self.assertEqual(self.b.tree(), {})

    def test_a_code_that_has_passed(self):
        code = self.handoff(self.a)
        self.b.sync()
        self.b.write("one", "newer")
        self.b.sync()
        start = time.monotonic()
        run = self.b(5, "receive", code, "--wait", "100")
        self.assertIn("followed by newer work", run.err)
        self.assertLess(time.monotonic() - start, 30)

    def test_wait_for_completeness(self):
        self.a.sync()
        self.b.sync()
        self.a.write("one", "more")
        self.a.sync()
        self.in_cloud("one")

        def arrive():
            time.sleep(2)
            self.in_cloud("one", "more")
        client = threading.Thread(target=arrive)
        client.start()
        run = self.b(0, "pull", "--wait", "30")
        client.join()
        self.assertIn("one (missing)", run.err)
        self.assertEqual(self.b.read("one"), "more")


class Several(MachinesTest):
    """Machines that did not know of each other."""

    def setUp(self):
        super().setUp()
        self.a, self.b = self.machine("a"), self.machine("b")
        self.c = self.machine("c")
        self.all = (self.a, self.b, self.c)
        self.a.write("p", "p0")
        self.a.write("q", "q0")
        self.a.write("r", "r0")
        for machine in self.all:
            machine.sync()

    def part(self, *machines):
        """What each of them does to a copy of the folder nobody else sees;
        then a client puts the copies together, the later one winning."""
        start = self.save_cloud()
        copies = []
        for machine, change in machines:
            self.load_cloud(start)
            change(machine)
            machine.sync()
            copies.append(self.save_cloud())
        base, merged = {}, {}
        for top in (start, *copies):
            for path in self.files(top):
                with open(os.path.join(top, path), "rb") as file:
                    content = file.read()
                if top == start:
                    base[path] = merged[path] = content
                elif base.get(path) != content:
                    merged[path] = content
        for copy in copies:
            for path in set(base) - set(self.files(copy)):
                merged.pop(path, None)
        for path in self.files(self.cloud):
            os.unlink(os.path.join(self.cloud, path))
        for path, content in merged.items():
            self.in_cloud(path, content)

    @staticmethod
    def files(root):
        return [os.path.relpath(os.path.join(top, name), root)
                for top, _, names in os.walk(root) for name in names]

    def assert_converge(self, want=None):
        runs = 0
        for _ in range(3):
            for machine in self.all:
                if runs < 7:
                    machine.sync()
                    runs += 1
        for machine in self.all:
            self.assertEqual(machine.tree(), tree(self.cloud))
        if want is not None:
            self.assertEqual(self.a.tree(), want)
        before = self.manifests()
        for machine in self.all:
            machine.sync()
        self.assertEqual(self.manifests(), before)

    def test_different_files(self):
        self.part((self.a, lambda m: m.write("p", "pa")),
                  (self.b, lambda m: m.write("q", "qb")),
                  (self.c, lambda m: m.write("new", "nc")))
        self.assert_converge(
            {"p": "pa", "q": "qb", "r": "r0", "new": "nc"})

    def test_one_of_two_has_not_arrived(self):
        self.part((self.a, lambda m: m.write("p", "pa")),
                  (self.b, lambda m: m.write("q", "qb")))
        self.in_cloud("p", "p0")
        document = self.c.json(5, "plan")
        self.assertIn("p (", document["message"])
        self.in_cloud("p", "pa")
        self.in_cloud("q", "q0")
        self.assertIn("q (", self.c.json(5, "plan")["message"])
        self.assertIn("q (", self.a.json(5, "plan")["message"])
        self.in_cloud("q", "qb")
        self.assert_converge({"p": "pa", "q": "qb", "r": "r0"})

    def test_deleted_and_edited(self):
        self.part((self.a, lambda m: os.unlink(os.path.join(m.local, "p"))),
                  (self.b, lambda m: m.write("q", "qb")))
        self.assert_converge({"q": "qb", "r": "r0"})

    def test_both_edited_one_file(self):
        """Whichever the client keeps is right, whoever looks first."""
        for order in ("abc", "bca", "cab"):
            with self.subTest(order=order):
                self.part((self.a, lambda m: m.write("p", f"a{order}")),
                          (self.b, lambda m: m.write("p", f"b{order}")))
                for name in order:
                    machine = getattr(self, name)
                    machine(0, "sync", "--apply",
                            "--policy", "prefer_cloud")
                self.assert_converge()

    def test_the_loser_turns_up_later(self):
        self.part((self.a, lambda m: m.write("p", "pa")),
                  (self.b, lambda m: m.write("p", "pb")))
        self.c.sync()
        self.assertEqual(self.c.read("p"), "pb")
        # The client makes up its mind differently: not a rollback.
        self.in_cloud("p", "pa")
        self.c.sync()
        self.assertEqual(self.c.read("p"), "pa")

    # -- machines --

    def test_list(self):
        self.b.write("p", "more")
        self.b.sync()
        document = self.c.json(0, "machines")
        rows = {row["id"]: row for row in document["machines"]}
        self.assertEqual(sorted(rows), ["a", "b", "c"])
        self.assertEqual(rows["b"]["label"], "b's desk")
        self.assertTrue(rows["b"]["newest"])
        self.assertTrue(rows["a"]["behind"])
        self.assertTrue(rows["c"]["self"])
        self.assertTrue(document["cloud"]["complete"])
        self.assertEqual(document["cloud"]["machine"], "b")
        self.in_cloud("p")
        document = self.c.json(0, "machines")
        rows = {row["id"]: row for row in document["machines"]}
        self.assertFalse(rows["b"]["complete"])
        self.assertFalse(document["cloud"]["complete"])
        self.assertEqual(document["cloud"]["missing"], 1)
        self.assertEqual(document["cloud"]["paths"][0]["path"], "p")
        run = self.c(0, "machines")
        self.assertIn("not all of its work is here", run.out)
        status = self.c.json(0, "status")
        self.assertFalse(status["cloud"]["complete"])
        self.assertEqual(len(status["machines"]), 3)

    def test_unpublished_work(self):
        self.assertFalse(self.a.json(0, "machines")["cloud"]["unpublished"])
        self.a.write("p", "more")
        self.assertTrue(self.a.json(0, "machines")["cloud"]["unpublished"])

    def test_stale(self):
        run = self.a(0, "machines", "--set", "cloud.stale_days=1")
        self.assertNotIn("nothing was published", run.err)

    @unittest.skipUnless(POSIX and shutil.which("faketime"), "needs faketime")
    def test_stale_after_some_days(self):
        for days, warned in (("+6 days", False), ("+9 days", True)):
            done = subprocess.run(
                ["faketime", days, *self.command(
                    "-c", self.a.config, "machines")],
                env=self.environment({"ASAN_OPTIONS":
                                      "verify_asan_link_order=0"}),
                capture_output=True, timeout=60, check=False)
            said = (done.stdout + done.stderr).decode()
            self.assertEqual(done.returncode, 0, said)
            self.assertEqual("nothing was published" in said, warned, said)

    def test_forget(self):
        self.b.write("p", "by b")
        self.b.sync()
        self.a(0, "machines", "forget", "B")
        self.assertNotIn("machine-b.manifest", self.manifests())
        for machine in (self.a, self.c):
            machine.sync()
            self.assertEqual(machine.read("p"), "by b")
        run = self.b(5, "sync", "--apply")
        self.assertIn("'b'", run.err)
        self.b.sync(0, "--accept-cloud")
        for machine in self.all:
            machine.sync()
        self.assertIn("machine-b.manifest", self.manifests())
        self.a(4, "machines", "forget", "nobody")
        self.a(5, "machines", "forget", "a")
        self.a(4, "machines", "remember", "a")
        self.a(4, "machines", "forget")

    def test_forget_a_damaged_one(self):
        self.in_cloud(".coldsync/machine-b.manifest", "damaged")
        self.a(5, "sync", "--apply")
        self.a(0, "machines", "forget", "b")
        self.a.sync()
        self.c.sync()

    def test_take_an_id_back(self):
        twin = self.machine("twin")
        with open(twin.config, encoding="utf-8") as file:
            text = file.read()
        with open(twin.config, "w", encoding="utf-8") as file:
            file.write(text.replace("machine_id = twin", "machine_id = a"))
        twin(5, "sync", "--apply")
        twin(0, "machines", "forget", "a")
        twin.sync()
        self.assertEqual(twin.tree(), self.b.tree())
        self.b.sync()
        self.a(5, "sync", "--apply")

    # -- other filters --

    def test_paths_one_does_not_mirror(self):
        narrow = self.machine("n", "[filters]\nexclude_globs = q*\n")
        narrow.sync()
        self.assertEqual(sorted(narrow.tree()), ["p", "r"])
        narrow.write("p", "pn")
        narrow.sync()
        self.b.write("q", "qb")
        self.b.sync()
        narrow.write("r", "rn")
        narrow.sync()
        self.a.sync()
        self.assertEqual(self.a.tree(), {"p": "pn", "q": "qb", "r": "rn"})
        self.in_cloud("q", "q0")
        self.a.sync(5)
        narrow.sync()
        self.in_cloud("q", "qb")
        self.a.sync()

    def test_a_skipped_conflict_is_carried_forward(self):
        self.b.write("p", "pb")
        self.b.sync()
        self.a.write("p", "pa")
        self.a.write("q", "qa")
        self.a.sync(2, "--policy", "manual_skip")
        self.c.sync()
        self.assertEqual(self.c.tree(), {"p": "pb", "q": "qa", "r": "r0"})
        self.in_cloud("p", "p0")
        self.a.sync(5, "--policy", "manual_skip")
        self.in_cloud("p", "pb")
        self.a(0, "resolve", "p", "--take", "local")
        self.c.sync()
        self.assertEqual(self.c.read("p"), "pa")


if __name__ == "__main__":
    main()
