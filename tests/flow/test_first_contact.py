"""First contact: who knows nothing but the README, in an empty home directory,
gets to a scheduled handoff between two machines.

The commands are those the README shows, in its order and as it writes them:
what it says and this does not reach is a failure of one of the two.
"""

import os
import re
import shutil
import subprocess
import unittest

import readme
from harness import POSIX, main
from mirror import MirrorTest

# A crontab of the test's own: nothing is installed on this system.
CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
	cat "$STUB_TAB" 2>/dev/null || { echo 'no crontab for you' >&2; exit 1; }
else
	cp "$1" "$STUB_TAB"
fi
"""


@unittest.skipUnless(POSIX, "pseudo-terminals are for POSIX systems")
class FirstContact(MirrorTest):
    def setUp(self):
        super().setUp()
        for name in ("config", "local", "cloud"):
            shutil.rmtree(self.path(name))
        self.machine = None
        for name, text in (("crontab", CRONTAB),
                           ("systemctl", "#!/bin/sh\nexit 1\n")):
            os.chmod(self.write(f"bin/{name}", text), 0o755)

    def environment(self, changes=None):
        """What a new user has: a home, and a program in the PATH."""
        here = self.path(self.machine)
        env = super().environment({
            "HOME": here, "COLDSYNC_CONFIG_DIR": None,
            "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None,
            "PATH": self.path("bin") + ":" + os.environ["PATH"],
            "STUB_TAB": self.path(self.machine + ".tab"), **(changes or {})})
        return env

    def at(self, machine):
        self.machine = machine

    def asked(self, args, *answers, code=0):
        run = self.on_terminal(*args, answers=answers)
        self.assertEqual(run.code, code, str(run))
        return run

    def deliver(self, of, to):
        """What the cloud client does."""
        shutil.copytree(self.path(of, "Dropbox"), self.path(to, "Dropbox"),
                        dirs_exist_ok=True)

    def scheduled(self):
        """Runs what cron would run, as it would: a shell, no terminal."""
        with open(self.path(self.machine + ".tab"), encoding="utf-8") as file:
            line, = [line for line in file.read().splitlines()
                     if line[:1] not in ("#", "")]
        self.assertEqual(line.split()[:5], ["*/15", "*", "*", "*", "*"])
        done = subprocess.run(
            ["sh", "-c", line.split(None, 5)[5].replace("\\%", "%")],
            env=self.environment(), cwd=self.path(self.machine),
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, "", ""))

    def test_readme_leads_to_a_handoff(self):
        first, joining = readme.commands()
        init, doctor, sync, schedule = first
        self.assertEqual(init, ["init"])

        self.at("desk")
        self.write("desk/.codex/sessions/one.jsonl", '{"n": 1}\n')
        self.write("desk/.codex/auth.json", "secret")
        self.make_dir("desk/Dropbox")
        run = self.asked(init, "", "", "", "desk", "", "")
        for text in ("OpenAI Codex  ~/.codex", "Dropbox  ~/Dropbox",
                     "never leaves", "auth.json", "all is well",
                     "copy  sessions/one.jsonl", "'codex' is set up",
                     "codex login"):
            self.assertIn(text, run.out)
        # What was just shown is not proposed again.
        self.assertNotIn("sync --dry-run", run.out)
        self.assertEqual(self.tree("desk/Dropbox/coldsync/codex"), {})
        self.assertIn("all is well", self.expect(0, *doctor).out)
        self.assertIn("done: ", self.asked(sync, "y").out)
        self.assertIn("every 15 min", self.expect(0, *schedule).out)
        self.assertEqual(
            self.tree("desk/Dropbox/coldsync/codex"),
            {"sessions": None, "sessions/one.jsonl": '{"n": 1}\n'})

        self.at("laptop")
        self.write("laptop/.codex/auth.json", "of the laptop")
        self.deliver("desk", "laptop")
        run = self.asked(*joining, "", "", "", "laptop", "", "")
        self.assertIn("To the local folder", run.out)
        self.expect(0, *doctor)
        self.asked(sync, "y")
        self.expect(0, *schedule)
        self.assertEqual(
            self.tree("laptop/.codex"),
            {"auth.json": "of the laptop", "sessions": None,
             "sessions/one.jsonl": '{"n": 1}\n'})

        # Work there, by the schedule; the next morning here, by the schedule.
        self.write("laptop/.codex/sessions/two.jsonl", '{"n": 2}\n')
        self.scheduled()
        self.deliver("laptop", "desk")
        self.at("desk")
        self.scheduled()
        self.assertIn("sessions/two.jsonl", self.tree("desk/.codex"))

        # And at once.
        self.write("desk/.codex/sessions/three.jsonl", '{"n": 3}\n')
        code = re.search(r"handoff code (\S+):",
                         self.expect(0, "handoff").out).group(1)
        self.deliver("desk", "laptop")
        self.at("laptop")
        self.expect(0, "receive", code)
        self.assertIn("sessions/three.jsonl", self.tree("laptop/.codex"))
        run = self.expect(0, "status")
        self.assertIn("both sides are in step", run.out)
        self.assertRegex(run.out, "published by +desk, just now")


if __name__ == "__main__":
    main()
