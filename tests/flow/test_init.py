"""init: from nothing to a profile, by options and by questions."""

import os
import subprocess
import time
import unittest

from harness import POSIX, WINDOWS, main, native, shown
from mirror import MirrorTest

NAMES = ["codex", "claude-code", "opencode", "obsidian", "minecraft-instance",
         "zotero", "firefox-profile", "thunderbird-profile", "game-saves",
         "generic"]

# For each template: what goes over, what is left out, what never leaves.
FOLDERS = {
    "codex": (
        ["sessions/2026/01/02/rollout-1.jsonl", "session_index.jsonl",
         "history.jsonl", "config.toml", "skills/mine/SKILL.md",
         "plugins/tool/plugin.json", "state_5.sqlite", "prompts/a.md"],
        ["log/codex.log", "skills/.system/x/SKILL.md", "tmp/a",
         "plugins/tool/bin/run", "plugins/tool/lib/x.dll",
         "plugins/tool/node_modules/m/i.js", "logs_1.sqlite",
         "version.json"],
        ["auth.json", "credentials.json", "sub/token.json", "cap_sid",
         ".sandbox-secrets/key", "Auth.json"]),
    "claude-code": (
        ["projects/-home-me/1.jsonl", "history.jsonl", "settings.json",
         "CLAUDE.md", "agents/a.md", "skills/s/SKILL.md"],
        ["debug/x.txt", "ide/123.lock", "shell-snapshots/s.sh",
         "plugins/cache/p/i.js", "statsig/c"],
        [".credentials.json"]),
    "opencode": (
        ["storage/session/a.json", "opencode.db"],
        ["log/x.log", "bin/rg", "snapshot/p/HEAD"],
        ["auth.json", "mcp-auth.json"]),
    "obsidian": (
        ["Note.md", ".obsidian/app.json", ".obsidian/plugins/p/main.js"],
        [".obsidian/workspace.json", ".trash/Old.md"],
        [".env"]),
    "minecraft-instance": (
        ["instance.cfg", "mmc-pack.json", ".minecraft/options.txt",
         ".minecraft/saves/World/level.dat",
         ".minecraft/saves/World/region/r.0.0.mca", ".minecraft/mods/a.jar"],
        [".minecraft/logs/latest.log", ".minecraft/crash-reports/c.txt",
         ".minecraft/saves/World/session.lock", "natives/x.so"],
        ["accounts.json"]),
    "zotero": (
        ["zotero.sqlite", "storage/AB12/paper.pdf", "styles/apa.csl"],
        ["zotero.sqlite.bak", "cache/x", "pipes/p"],
        ["key4.db"]),
    "firefox-profile": (
        ["places.sqlite", "prefs.js", "extensions/a.xpi",
         "storage/default/https+++a.org/idb/1.sqlite"],
        ["cache2/entries/A", "lock", ".parentlock", "compatibility.ini",
         "startupCache/s.bin"],
        ["key4.db", "logins.json", "cookies.sqlite", "cookies.sqlite-wal"]),
    "thunderbird-profile": (
        ["prefs.js", "Mail/Local Folders/Inbox", "abook.sqlite",
         "Mail/Local Folders/msgFilterRules.dat"],
        ["global-messages-db.sqlite", "parent.lock", "cache2/x"],
        ["key4.db", "logins.json", "secring.gpg"]),
    "game-saves": (
        ["slot1.sav", "profile/a.dat"],
        ["game.log", "ShaderCache/x"],
        ["server.pem"]),
    "generic": (
        ["notes.txt", "sub/a.json"],
        ["a.tmp", "b.log"],
        [".env", "id.pem"]),
}


class Init(MirrorTest):
    """No profile is there to begin with."""

    def setUp(self):
        super().setUp()
        os.unlink(self.path("config", "docs.ini"))
        self.cloud_dir = self.path("cloud", "app")

    def init(self, code, *args, template="generic", **options):
        return self.expect(
            code, "init", "--template", template, "--local",
            native(self.local), "--cloud", native(self.cloud_dir), *args,
            **options)

    def config(self, name="generic.ini"):
        with open(self.path("config", name), encoding="utf-8") as file:
            return file.read()

    # -- templates -----------------------------------------------------------

    def test_list(self):
        before = self.listing()
        document = self.expect(0, "init", "--list-templates", "--json").json()
        self.assertEqual([t["name"] for t in document["templates"]], NAMES)
        for template in document["templates"]:
            self.assertEqual(list(template), ["name", "title"])
            self.assertNotEqual(template["title"], "")
        run = self.expect(0, "init", "--list-templates")
        for name in NAMES:
            self.assertRegex(run.out, rf"(?m)^{name}  +\S")
        self.assertEqual(self.listing(), before)

    def test_every_template(self):
        """Written, found without a mistake, synced: what belongs over goes
        over, caches and locks stay, secrets never leave."""
        for name in NAMES:
            with self.subTest(template=name):
                self.setUp()
                over, out, secret = FOLDERS[name]
                for path in [*over, *out, *secret]:
                    self.put("local", path, path + "\n", at=1)
                self.init(0, template=name)
                self.expect(0, "validate")
                self.assertNotIn("#:", self.config(f"{name}.ini"))
                # Whoever runs the tests may well run the application.
                nobody = [word for key in ("process_names",
                                           "process_names.linux",
                                           "process_names.macos",
                                           "process_names.windows")
                          for word in ("--set",
                                       f"process_detection.{key}=none-such")]
                self.expect(0, "sync", "--apply", *nobody)
                there = {path for path, content in self.cloud_tree().items()
                         if content is not None}
                self.assertEqual(there, set(over))
                self.assertEqual(
                    self.document(0, "plan", *nobody)["actions"], [])

    def cloud_tree(self):
        found = self.tree("cloud")
        return {path[len("app/"):]: content for path, content in found.items()
                if path.startswith("app/")
                and not path.startswith("app/.coldsync")}

    # -- what is written -----------------------------------------------------

    def test_written(self):
        run = self.init(0, "--machine-id", "desk", "--label", "The desk",
                        template="codex")
        text = self.config("codex.ini")
        self.assertIn("\nmachine_id = desk\n", text)
        self.assertIn("\nlabel = The desk\n", text)
        self.assertIn("codex login", run.out)
        self.assertTrue(os.path.isdir(self.cloud_dir))
        document = self.expect(0, "validate", "--json").json()
        self.assertEqual(document["profile"], "codex")
        self.assertEqual(document["machine"], "desk")

    def test_as_json(self):
        document = self.init(0, "--json", "--machine-id", "desk").json()
        self.assertEqual(document["command"], "init")
        self.assertEqual(document["profile"], "generic")
        self.assertEqual(document["machine"], "desk")
        self.assertEqual(document["template"], "generic")
        self.assertEqual(document["file"],
                         shown(self.path("config", "generic.ini")))

    def test_by_alias(self):
        self.expect(0, "init-config", "--template", "generic", "--local",
                    native(self.local), "--cloud", native(self.cloud_dir))
        self.assertTrue(self.config())

    def test_quiet(self):
        run = self.init(0, "-q")
        self.assertEqual(run.out + run.err, "")

    def test_named(self):
        self.init(0, "-p", "work")
        self.assertTrue(self.config("work.ini"))
        self.init(5, "--output", native(self.path("sub", "x.ini")))
        self.init(0, "--force", "--output", native(self.path("sub", "x.ini")))
        self.assertTrue(os.path.isfile(self.path("sub", "x.ini")))

    def test_named_twice(self):
        run = self.init(4, "-c", "a.ini", "--output", "b.ini")
        self.assertIn("--output", run.err)

    @unittest.skipUnless(POSIX, "a home is named by HOME")
    def test_paths_below_home(self):
        """They are written with '~', so that a config can be carried."""
        self.expect(0, "init", "--template", "generic", "--local", "~/local",
                    "--cloud", self.cloud_dir)
        self.assertIn("\nlocal_state_dir = ~/local\n", self.config())
        self.assertIn("\ncloud_root_dir = ~/cloud/app\n", self.config())

    def test_relative_paths(self):
        self.expect(0, "init", "--template", "generic", "--local", "local",
                    "--cloud", os.path.join("cloud", "app"))
        self.expect(0, "sync", "--apply")

    # -- mistakes ------------------------------------------------------------

    def test_missing(self):
        """Off a terminal every missing flag is named, and nothing written."""
        given = {"--template": "generic", "--local": native(self.local),
                 "--cloud": native(self.cloud_dir)}
        before = self.listing()
        for flags in ([], ["--template"], ["--template", "--local"],
                      ["--local", "--cloud"], ["--template", "--cloud"]):
            args = [word for flag in flags for word in (flag, given[flag])]
            run = self.expect(4, "init", *args)
            first = run.err.splitlines()[0]
            for flag in given:
                self.assertEqual(flag + " " in first, flag not in flags, run)
            self.assertIn("coldsync init --template", run.err)
            self.expect(4, "init", *args, "--json")
        self.assertEqual(self.listing(), before)

    def test_unknown_template(self):
        run = self.init(4, template="codx")
        self.assertIn("did you mean 'codex'?", run.err)
        self.assertIn("--list-templates",
                      self.init(4, template="emacs").err)

    def test_not_overwritten(self):
        self.init(0)
        self.write("config/generic.ini", "mine\n")
        run = self.init(5)
        self.assertIn("--force", run.err)
        self.assertEqual(self.config(), "mine\n")
        self.init(0, "--force")
        self.assertIn("local_state_dir", self.config())
        self.assertEqual(self.config("generic.ini.old"), "mine\n")

    def test_over_a_paused_profile(self):
        self.init(0)
        self.expect(0, "pause")
        before = self.config()
        run = self.init(5)
        self.assertIn("paused", run.err)
        self.assertIn("coldsync resume", run.err)
        self.assertEqual(self.config(), before)

    def test_same_folder_twice(self):
        self.init(0)
        run = self.init(5, "-p", "again")
        self.assertIn("'generic' mirrors", run.err)
        self.init(0, "-p", "again", "--force")

    def test_overlap(self):
        before = self.listing()
        run = self.expect(4, "init", "--template", "generic", "--local",
                          native(self.local), "--cloud",
                          native(os.path.join(self.local, "in")))
        self.assertIn("overlaps", run.err)
        self.assertIn("nothing was written", run.err)
        self.assertEqual(self.listing(), before)

    def test_values_that_do_not_fit(self):
        before = self.listing()
        self.init(4, "--machine-id", "two words")
        self.init(4, "--machine-id", "a\nb")
        self.init(4, "--label", "a\n[sync]\ndirection = to_cloud")
        self.expect(4, "init", "--template", "generic", "--local", "",
                    "--cloud", native(self.cloud_dir))
        if not WINDOWS:
            self.expect(4, "init", "--template", "generic", "--local",
                        self.path("${x}"), "--cloud", self.cloud_dir)
        self.assertEqual(self.listing(), before)

    def test_wrong_cloud_path(self):
        """Not made where more than its last part is missing."""
        run = self.expect(
            0, "init", "--template", "generic", "--local", native(self.local),
            "--cloud", native(self.path("clod", "app")))
        self.assertRegex(run.err, r"warning: there is no folder .*clod")
        self.assertFalse(os.path.exists(self.path("clod")))

    def test_wrong_local_path(self):
        run = self.expect(
            0, "init", "--template", "generic", "--local",
            native(self.path("locl")), "--cloud", native(self.cloud_dir))
        self.assertRegex(run.err, r"warning: there is no folder .*locl")
        self.assertFalse(os.path.exists(self.path("locl")))

    @unittest.skipUnless(POSIX, "a home is named by HOME")
    def test_folders_of_a_cloud_client(self):
        self.make_dir("Dropbox", "Vault")
        run = self.expect(0, "init", "--template", "obsidian", "--local",
                          self.path("Dropbox", "Vault"), "--cloud",
                          self.cloud_dir)
        self.assertIn("Dropbox syncs by itself", run.err)
        run = self.expect(0, "init", "--template", "generic", "--local",
                          self.local, "--cloud", self.path("Dropbox"))
        self.assertIn("all of your Dropbox", run.err)

    def test_no_place_to_write(self):
        self.write("blocked", "a file")
        self.init(1, "--output", native(self.path("blocked", "x.ini")))

    # -- joining -------------------------------------------------------------

    def test_join_makes_nothing(self):
        """Neither folder nor marker nor, in vain, a config."""
        before = self.listing()
        run = self.init(5, "--join", "--wait", "0")
        self.assertIn("no other machine", run.err)
        self.assertIn("leave --join out", run.err)
        self.init(5, "--join", "--wait", "1", "--json")
        self.assertEqual(self.listing(), before)
        self.make_dir("cloud", "app")
        self.init(5, "--join", "--wait", "0")
        self.assertEqual(os.listdir(self.cloud_dir), [])

    def test_join(self):
        """It waits for another machine's first sync, also when the folder
        itself has to come yet, and brings its work over."""
        waiting = subprocess.Popen(
            self.command("init", "--join", "-p", "join", "--template",
                         "generic", "--local", native(self.path("second")),
                         "--cloud", native(self.cloud_dir), "--machine-id",
                         "laptop", "--wait", "50"),
            env=self.environment(), cwd=self.home, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            time.sleep(0.3)
            self.assertIsNone(waiting.poll())
            self.put("local", "a.txt", "a")
            self.init(0, "-p", "first", "--machine-id", "desk")
            time.sleep(0.3)
            self.assertIsNone(waiting.poll())
            self.assertFalse(
                os.path.exists(self.path("config", "join.ini")))
            self.expect(0, "-p", "first", "sync", "--apply")
            out, _ = waiting.communicate(timeout=50)
        finally:
            waiting.kill()
            waiting.wait()
        self.assertEqual(waiting.returncode, 0, out)
        self.assertIn(b"waiting for what the other machine", out)
        markers = [name for name in os.listdir(
            os.path.join(self.cloud_dir, ".coldsync"))
                   if name.startswith("id-")]
        self.assertEqual(len(markers), 1)
        self.expect(0, "-p", "join", "sync", "--apply")
        self.assertEqual(self.tree("second"), {"a.txt": "a"})
        self.assertEqual([name for name in os.listdir(
            os.path.join(self.cloud_dir, ".coldsync"))
                          if name.startswith("id-")], markers)


@unittest.skipUnless(POSIX, "pseudo-terminals are for POSIX systems")
class InitAsks(MirrorTest):
    def setUp(self):
        super().setUp()
        os.unlink(self.path("config", "docs.ini"))

    def fill_home(self):
        """The Linux home of the fixtures, for real."""
        fixture = os.path.join(os.path.dirname(__file__), os.pardir,
                               "fixtures", "homes", "linux.txt")
        with open(fixture, encoding="utf-8") as file:
            for line in file.read().splitlines():
                if not line.startswith("~/"):
                    continue
                path, _, text = line[2:].partition(": ")
                if path.endswith("/"):
                    self.make_dir(path)
                else:
                    self.write(path, text.replace("/home/me", self.home))

    def test_all_defaults(self):
        self.fill_home()
        run = self.on_terminal("init", answers=["", "", "", "desk", "", "n"])
        self.assertEqual(run.code, 0, str(run))
        self.assertRegex(run.out, r"\d+ checks: ")
        for text in ("OpenAI Codex  ~/.codex", "Zotero library  ~/Zotero",
                     "Dropbox  ~/Dropbox", "Syncthing  ~/Sync", "auth.json",
                     "codex login"):
            self.assertIn(text, run.out)
        with open(self.path("config", "codex.ini"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("\nlocal_state_dir = ~/.codex\n", text)
        self.assertIn("\ncloud_root_dir = ~/Dropbox/coldsync/codex\n", text)
        self.assertIn("\nmachine_id = desk\n", text)
        self.assertTrue(
            os.path.isdir(self.path("Dropbox", "coldsync", "codex")))
        self.assertEqual(self.tree("Dropbox/coldsync/codex"), {})

    def test_nothing_found(self):
        """Asked again until an answer fits; nothing before the last yes."""
        run = self.on_terminal(
            "init", answers=["99", "x", "10", "", "~/local", "",
                             self.path("cloud", "app"), "no good", "desk",
                             "n"])
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("number from 1 to 10", run.out)
        self.assertIn("nothing was written", run.out)
        self.assertEqual(os.listdir(self.config_dir), [])
        self.assertEqual(os.listdir(self.cloud), [])

    def test_the_input_ends(self):
        run = self.on_terminal("init", answers=["10"])
        self.assertEqual(run.code, 4, str(run))
        self.assertIn("nothing was written", run.out)
        self.assertEqual(os.listdir(self.config_dir), [])

    def test_interrupted(self):
        """At each question, by one Ctrl-C, and nothing is left of it."""
        self.fill_home()
        answers = ["99", "", "1", "", "my desk", "desk"]
        before = self.listing()
        for given in range(len(answers) + 1):
            run = self.on_terminal(
                "init", answers=answers[:given], interrupt=True)
            self.assertEqual(run.code, 130, str(run))
            self.assertIn("coldsync: interrupted", run.out)
            self.assertIn("nothing was written", run.out)
            self.assertEqual(self.listing(), before, str(run))
        self.assertRegex(run.out, r"Write ~/config/codex.ini\? \[Y/n\]")

    def test_interrupted_when_all_is_done(self):
        """The last question comes when the profile is there already."""
        self.fill_home()
        run = self.on_terminal("init", answers=["", "", "", "desk", ""],
                               interrupt=True)
        self.assertEqual(run.code, 130, str(run))
        self.assertIn("Show what the first sync would do", run.out)
        self.assertIn("'codex' is set up all the same", run.out)
        self.expect(0, "validate")

    def test_trouble_is_shown(self):
        """A check that fails is no reason to do without the config."""
        self.put("cloud", "app/.env", "secret")
        run = self.on_terminal(
            "init", "--template", "generic", "--local", self.local,
            "--cloud", self.path("cloud", "app"), answers=["desk", ""])
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("FAIL  secrets_in_cloud", run.out)
        self.assertIn("1 check failed", run.out)
        self.assertNotIn("ok    ", run.out)
        self.assertTrue(
            os.path.exists(self.path("config", "generic.ini")))

    def test_only_what_is_missing(self):
        self.put("local", "a.txt", "a")
        run = self.on_terminal(
            "init", "--template", "generic", "--local", self.local,
            "--machine-id", "desk", answers=[
                self.path("cloud", "app"), "", "y"])
        self.assertEqual(run.code, 0, str(run))
        self.assertRegex(run.out, r"copy +a.txt")
        self.assertNotIn("What is this machine", run.out)
        self.assertTrue(
            os.path.exists(self.path("config", "generic.ini")))


if __name__ == "__main__":
    main()
