"""history: which runs there were, and what became of them."""

import json
import os
import shutil

from harness import main
from mirror import MirrorTest

MEMBERS = ["run_id", "command", "time", "ended", "finished", "result",
           "message", "finished_by", "changed", "snapshot", "summary"]


class History(MirrorTest):
    def runs(self):
        found = self.expect(0, "history", "--json").json()["history"]
        for run in found:
            self.assertEqual(list(run), MEMBERS)
        return found

    def file(self, name="history.jsonl"):
        return self.path("state/docs", name)

    def lines(self):
        with open(self.file(), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def append(self, text):
        with open(self.file(), "a", encoding="utf-8") as file:
            file.write(text)

    # -- what is recorded ----------------------------------------------------

    def test_nothing_yet(self):
        self.assertEqual(self.runs(), [])
        self.assertIn("no run yet", self.expect(0, "history").out)
        self.assertFalse(os.path.exists(self.state), "it left something")

    def test_each_command_that_applies(self):
        self.put("local", "a", "one", at=1)
        sync = self.sync()
        self.put("cloud", "b", "two", at=2)
        pull = self.document(0, "pull")
        self.put("local", "c", "three", at=3)
        push = self.document(0, "push")
        for side, content in (("local", "x"), ("cloud", "yy")):
            self.put(side, "a", content, at=4)
        self.sync(2)
        resolve = self.document(0, "resolve", "a", "--take", "local")
        found = self.runs()
        self.assertEqual(
            [(run["command"], run["result"], run["changed"])
             for run in found],
            [("sync", "ok", True), ("pull", "ok", True), ("push", "ok", True),
             ("sync", "conflict", False), ("resolve", "ok", True)])
        for run, document in zip(found[:3] + found[4:],
                                 (sync, pull, push, resolve)):
            self.assertEqual(run["run_id"], document["run_id"])
            self.assertEqual(run["snapshot"], document["snapshot"])
            self.assertTrue(run["finished"])
            for member, count in run["summary"].items():
                self.assertEqual(count, document["summary"][member], member)
            self.assertLessEqual(run["time"], run["ended"])

    def test_looks_are_not_runs(self):
        self.put("local", "a", "one", at=1)
        self.document(0, "plan")
        self.document(0, "sync", "--dry-run")
        self.assertEqual(self.runs(), [])

    def test_quiet_run_is_one_line(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        self.assertEqual([line["event"] for line in self.lines()],
                         ["begin", "end"])
        self.sync()
        self.assertEqual([line["event"] for line in self.lines()],
                         ["begin", "end", "end"])
        self.assertFalse(self.runs()[1]["changed"])

    def test_refused_run(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        os.rename(self.cloud, self.path("gone"))
        self.expect(5, "sync", "--apply")
        run = self.runs()[-1]
        self.assertEqual((run["result"], run["changed"]), ("refused", False))
        self.assertIn("cloud folder", run["message"])

    # -- show ----------------------------------------------------------------

    def test_show(self):
        self.put("local", "d/a", "one", at=1)
        run = self.sync()
        (shown,) = self.expect(
            0, "history", "show", run["run_id"], "--json").json()["history"]
        self.assertEqual(list(shown), [*MEMBERS, "paths", "more_paths"])
        self.assertEqual(
            [(p["path"], p["op"], p["to"]) for p in shown["paths"]],
            [(a["path"], a["op"], a["to"]) for a in run["actions"]])
        said = self.expect(0, "history", "show", run["run_id"][:-1]).out
        self.assertIn("d/a", said)
        self.assertIn(run["snapshot"], said)

    def test_show_needs_one_run(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        self.sync()
        self.assertIn("more than one",
                      self.expect(4, "history", "show", "2").err)
        self.assertIn("no run", self.expect(4, "history", "show", "x").err)
        self.expect(4, "history", "show")
        self.expect(4, "history", "list")
        self.expect(4, "history", "list", "all")

    def test_more_paths_than_are_listed(self):
        for i in range(300):
            self.put("local", f"f{i:03}", str(i), at=i)
        run = self.sync()
        def shown_now():
            (shown,) = self.expect(0, "history", "show", run["run_id"],
                                   "--json").json()["history"]
            return shown

        self.assertEqual(len(shown_now()["paths"]), 300)
        shutil.rmtree(self.path("state/docs/backups"))
        shown = shown_now()
        self.assertGreater(len(shown["paths"]), 0)
        self.assertEqual(len(shown["paths"]) + shown["more_paths"], 300)

    # -- trouble -------------------------------------------------------------

    def test_unfinished(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        begin = dict(self.lines()[0], run="20990101T000000Z-dead")
        self.append(json.dumps(begin) + "\n")
        run = self.runs()[-1]
        self.assertEqual((run["run_id"], run["finished"], run["result"],
                          run["ended"]),
                         (begin["run"], False, "unfinished", None))
        self.assertIn("not finished", self.expect(0, "history").out)

    def test_finished_by_another(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        begin = dict(self.lines()[0], run="20990101T000000Z-dead")
        end = dict(self.lines()[1], run=begin["run"], finished_by="other",
                   began="later", began_unix=4070908800)
        self.append(json.dumps(begin) + "\n" + json.dumps(end) + "\n")
        run = self.runs()[-1]
        self.assertEqual(
            (run["finished"], run["finished_by"], run["time"]),
            (True, "other", self.runs()[0]["time"]))

    def test_damaged_lines_are_passed_over(self):
        self.put("local", "a", "one", at=1)
        first = self.sync()["run_id"]
        for text in ("{", "[]", '"x"', "{}", '{"event":"end"}', "\x1b[2J",
                     '{"event":"no","run":"r"}', '{"event":"end","run":7}',
                     '{"event":"end","run":"r","paths":[{}]}',
                     '{"event":"end","run":"r","began_unix":"x"}'):
            self.append(text + "\n")
        self.append('{"event":"begin","run":"torn')
        second = self.sync()["run_id"]
        run = self.expect(0, "history", "--json")
        self.assertEqual([r["run_id"] for r in run.json()["history"]],
                         [first, second])
        for number in range(3, 14):
            self.assertIn(f"history.jsonl:{number}:", run.err)
        self.assertNotIn("\x1b[2J", run.err)

    def test_rotation(self):
        self.put("local", "a", "one", at=1)
        self.sync()
        line = self.lines()[1]
        text = "".join(json.dumps(dict(line, run=f"old-{i}")) + "\n"
                       for i in range(3000))
        self.assertGreater(len(text), 1024 * 1024)
        self.write("state/docs/history.jsonl", text)
        self.put("local", "b", "two", at=2)
        last = self.sync()["run_id"]
        self.assertLess(os.path.getsize(self.file()), 10000)
        self.assertGreater(os.path.getsize(self.file("history.1.jsonl")),
                           1024 * 1024)
        found = [run["run_id"] for run in self.runs()]
        self.assertEqual((found[0], found[-1]), ("old-0", last))

    def test_it_never_stops_a_run(self):
        self.put("local", "a", "one", at=1)
        os.makedirs(self.file())
        document = self.sync()
        self.assertTrue(document["applied"])
        self.assertTrue(any("history" in note for note in document["notes"]),
                        document["notes"])
        self.assert_trees({"a": "one"})
        self.expect(1, "history")


if __name__ == "__main__":
    main()
