"""restore and undo among several machines: what one takes back, all see."""

import os

from harness import main
from machines import MachinesTest, tree


class Back(MachinesTest):
    def setUp(self):
        super().setUp()
        self.a, self.b = self.machine("a"), self.machine("b")
        self.a.write("p", "old")
        self.a.write("q", "stays")
        self.a.sync()
        self.b.sync()
        self.a.write("p", "new and wrong")
        os.unlink(os.path.join(self.a.local, "q"))
        self.a.write("r", "new")

    def all_have(self, want):
        for machine in (self.a, self.b):
            self.assertEqual(machine.tree(), want, machine.name)
        self.assertEqual(tree(self.cloud), want)

    def assert_rest(self):
        for machine in (self.a, self.b, self.a):
            self.assertEqual(machine.sync()["actions"], [])

    def test_undo_before_the_other_has_seen_it(self):
        self.a.sync()
        self.a.json(0, "undo")
        self.assertEqual(self.b.sync()["actions"], [])
        self.assertEqual(self.b.tree(), {"p": "old", "q": "stays"})
        self.a.sync()
        self.b.sync()
        self.all_have({"p": "new and wrong", "r": "new"})
        self.assert_rest()

    def test_undo_after_the_other_has_taken_it_over(self):
        self.a.sync()
        self.b.sync()
        self.a.json(0, "undo")
        done = self.b.sync()
        self.assertEqual(
            sorted((x["op"], x["path"], x["to"]) for x in done["actions"]),
            [("copy", "p", "local"), ("copy", "q", "local"),
             ("delete", "r", "local")])
        self.assertEqual(done["conflicts"], [])
        self.assertEqual(self.b.tree(), {"p": "old", "q": "stays"})

    def test_undo_of_what_came_from_the_other(self):
        self.a.sync()
        self.b.sync()
        self.b.json(0, "undo")
        self.assertEqual(self.b.tree(), {"p": "old", "q": "stays"})
        self.assertEqual(tree(self.cloud), {"p": "new and wrong", "r": "new"})
        self.assertEqual(self.a.sync()["actions"], [])
        self.assertEqual(
            {x["to"] for x in self.b.json(0, "plan")["actions"]}, {"local"})

    def test_restore_to_the_cloud_is_this_machines_change(self):
        self.a.sync()
        self.b.sync()
        self.a.json(0, "restore", "--target", "cloud", "--apply")
        done = self.b.sync()
        self.assertEqual(
            sorted((x["path"], x["to"]) for x in done["actions"]),
            [("p", "local"), ("q", "local")])
        self.a.sync()
        self.all_have({"p": "old", "q": "stays", "r": "new"})
        self.assert_rest()

    def test_restore_here_reaches_the_other(self):
        self.a.sync()
        self.b.sync()
        self.b.json(0, "restore", "--apply")
        self.b.sync()
        self.a.sync()
        self.all_have({"p": "old", "q": "stays", "r": "new"})
        self.assert_rest()


if __name__ == "__main__":
    main()
