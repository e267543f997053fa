"""The demo quickstart runs: every step shows what it says it shows."""

import os
import re
import subprocess
import unittest

from harness import POSIX, FlowTest, main

SCRIPT = os.path.join(os.path.dirname(__file__), "..", "..", "scripts", "demo")

# What each step has to show, in order: a pattern for its text, then patterns
# for what the commands in it print.
STEPS = [
    (r"An application keeps its state", [r"^book\.txt$"]),
    (r"A profile says what belongs", [r"^\[paths\]$", r"^machine_id = desk$"]),
    (r"validate reads it", [r"^profile +desk$", r"^local +/.*/desk$",
                            r"no mistake found"]),
    (r"A mistake is named", [
        r"^broken\.ini:\d+: paths\.local_state_dri: .*"
        r"did you mean paths\.local_state_dir\?$"]),
    (r"plan shows", [r"^copy +book\.txt +12 B +new$",
                     r"^1 file \(12 B\) to the cloud$"]),
    (r"sync does it", [r"^done: 1 file \(12 B\) to the cloud$"]),
    (r"Your second machine", [r"^done: 1 file \(12 B\) to the local folder$",
                              r"^chapter one$"]),
    (r"You write on the laptop", [
        r"^done: 1 file \(24 B\) to the cloud$",
        r"^done: 1 file \(24 B\) to the local folder$",
        r"^chapter one\nchapter two$"]),
    (r"What the desk had before", [
        r"^\S+ \S+ +\S+-desk-[0-9a-f]{4} +sync +desk +1 +12 B +dir"]),
    (r"restore brings it back", [r"^done: 1 file \(12 B\) into the directory$",
                                 r"^\$ cat before/book\.txt\nchapter one$"]),
    (r"handoff gives", [
        r"^handoff code [0-9A-Z]{4}-[0-9A-Z]{4}:",
        r"^\$ coldsync -p laptop receive [0-9A-Z]{4}-[0-9A-Z]{4} --wait 10$",
        r"^done: 1 file \(38 B\) to the local folder$",
        r"^chapter one\nchapter two\nchapter three$"]),
    (r"Both machines wrote", [r"^Conflicts$",
                              r"^book\.txt: changed on both sides$"]),
    (r"You say which to keep", [
        r"both are kept",
        r"^book\.conflict-\d{8}-\d{6}-desk\.txt\nbook\.txt$"]),
    (r"undo takes the last run back", [
        r"^delete +book\.conflict-\d{8}-\d{6}-desk\.txt",
        r"^\$ ls desk\nbook\.txt$"]),
    (r"taken out of service", [r"is paused;", r"nothing is done",
                               r"syncs again"]),
    (r"in its log", [r" INFO .* laptop copy +side=cloud path=book\.txt"]),
]


@unittest.skipUnless(POSIX, "the demo is a shell script")
class Demo(FlowTest):
    def run_demo(self):
        env = dict(os.environ, TMPDIR=self.home)
        return subprocess.run(
            ["bash", SCRIPT, os.environ["COLDSYNC"]], env=env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False)

    def test_step_by_step(self):
        run = self.run_demo()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        steps = re.split(r"(?m)^\d+\. ", run.stdout)[1:]
        self.assertEqual(len(steps), len(STEPS), run.stdout)
        for text, (says, shows) in zip(steps, STEPS):
            self.assertRegex(text, says)
            lines = "\n".join(
                line.strip() for line in text.splitlines()[1:])
            for pattern in shows:
                self.assertRegex(lines, re.compile(pattern, re.M))

    def test_leaves_nothing(self):
        before = sorted(os.listdir(self.home))
        self.run_demo()
        self.assertEqual(sorted(os.listdir(self.home)), before)


if __name__ == "__main__":
    main()
