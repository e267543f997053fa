"""What takes a real cloud client minutes (scripts/torture cloud)."""

import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "flow"))
sys.path.insert(0, HERE)

import syncthing  # noqa: E402
import test_syncthing  # noqa: E402
from harness import main  # noqa: E402

MB = 1 << 20


class Long(test_syncthing.Real):
    """All of the short ones, too."""

    def test_300_mb_at_every_moment(self):
        a, b = self.join("a", "b", kbps=8000)
        a.write("keep", "kept")
        a.write("large", "small at first")
        a.write("gone", "deleted meanwhile")
        a.sync()
        self.client.settle()
        b.sync()
        self.client.settle()
        before, dice = b.tree(), random.Random(300)
        a.write("large", dice.randbytes(200 * MB))
        for i in range(100):
            a.write(f"part{i % 10}/{i}", dice.randbytes(MB))
        os.unlink(os.path.join(a.local, "gone"))
        a.sync()
        self.client.scan(0, 1)
        refused = self.pull_all_the_time(a, b, before, 900)
        print(f"{refused} pulls refused on the way", flush=True)
        self.assertGreater(refused, 10)

    def test_ten_thousand_files(self):
        a, b = self.join("a", "b")
        for i in range(10_000):
            a.write(f"d{i % 100}/f{i}", f"content {i}")
        code = a.json(0, "handoff")["code"]
        b(0, "receive", code, "--wait", "50")
        self.assertEqual(len(b.tree()), 10_000)
        self.assertEqual(a.tree(), b.tree())
        for i in range(0, 1500, 3):
            b.write(f"d{i % 100}/f{i}", f"later {i}")
            os.unlink(os.path.join(b.local, f"d{(i + 1) % 100}/f{i + 1}"))
        for i in range(2000, 2200):
            os.rename(os.path.join(b.local, f"d{i % 100}/f{i}"),
                      os.path.join(b.local, f"d{i % 100}/renamed{i}"))
        code = b.json(0, "handoff")["code"]
        a(0, "receive", code, "--wait", "50")
        self.assertEqual(a.tree(), b.tree())
        self.assertEqual(len(a.tree()), 9_500)

    def test_both_edited_a_log_while_apart(self):
        """The copy the client makes is merged, and that arrives as well."""
        a, b = self.join("a", "b")
        a.write("log", "one\n")
        a.sync()
        self.client.settle()
        b.sync()
        self.client.settle()
        self.client.part()
        for machine in (a, b):
            machine.write("log", f"one\n{machine.name}\n")
            machine.sync()
            time.sleep(1.1)
        self.client.scan()
        self.client.join()
        self.client.settle()
        for _ in range(2):
            for machine in (a, b):
                machine.sync(2)
                self.client.settle()
        copies = [n for n in os.listdir(a.cloud) if "sync-conflict" in n]
        self.assertEqual(len(copies), 1)
        a(0, "resolve", copies[0], "--take", "merge")
        self.client.settle()
        b.sync()
        self.assertEqual(a.tree(), b.tree())
        self.assertEqual(sorted(a.read("log").split()), ["a", "b", "one"])


if __name__ == "__main__":
    if syncthing.missing() is not None:
        print(f"skipped: {syncthing.missing()}")
        sys.exit(test_syncthing.SKIPPED)
    main()
