"""validate: every mistake of a config, or what was understood of it."""

import os
import unittest

from harness import POSIX, FlowTest, main, native, shown


class Validate(FlowTest):
    def test_what_was_understood(self):
        file = self.profile(extra="[conflict]\npolicy = keep_both\n")
        before = self.listing()
        run = self.expect(0, "validate")
        self.assertEqual(run.err, "")
        for name, value in (
                ("profile", "docs"), ("config", shown(file)),
                ("machine", "testbox"), ("local", native(self.local)),
                ("cloud", native(self.cloud)), ("conflicts", "keep_both"),
                ("direction", "both ways")):
            self.assertRegex(run.out, rf"(?m)^{name} +")
            self.assertIn(value, run.out)
        for name in ("state", "backups", "logs"):
            self.assertRegex(run.out, rf"(?m)^{name} +.*state.*docs")
        self.assertLessEqual(run.out.count("\n"), 24)
        self.assertEqual(self.listing(), before)

    def test_as_json(self):
        file = self.profile()
        document = self.expect(0, "validate", "--json").json()
        self.assertEqual(document["command"], "validate")
        self.assertEqual(document["profile"], "docs")
        self.assertEqual(document["machine"], "testbox")
        self.assertEqual(document["result"], "ok")
        self.assertEqual(document["problems"], [])
        self.assertEqual(document["file"], shown(file))

    def test_quiet(self):
        self.profile()
        run = self.expect(0, "-q", "validate")
        self.assertEqual(run.out + run.err, "")

    def test_all_mistakes_at_once(self):
        file = self.profile(extra=(
            "[sync]\n"
            "direction = sideways\n"
            "time_tolerance_seconds = soon\n"
            "colour = red\n"))
        before = self.listing()
        run = self.expect(4, "validate")
        self.assertEqual(run.out, "")
        for line, key in ((8, "sync.direction"),
                          (9, "sync.time_tolerance_seconds"),
                          (10, "sync.colour")):
            self.assertIn(f"{shown(file)}:{line}: {key}: ", run.err)
        self.assertIn("3 mistakes", run.err)
        self.assertEqual(self.listing(), before)

        document = self.expect(4, "validate", "--json").json()
        self.assertEqual(document["profile"], "docs")
        self.assertEqual(len(document["problems"]), 3)
        self.assertTrue(all(problem.startswith(shown(file) + ":")
                            for problem in document["problems"]))

    def test_values_cannot_reach_the_terminal(self):
        self.profile(extra="[sync]\ndirection = \x1b[31mred\xff\n".encode(
            "latin-1").decode("latin-1"))
        run = self.expect(4, "validate", "--json")
        self.assertNotIn("\x1b", run.err)
        self.assertNotIn("\x1b", run.out)

    def test_set_overrides(self):
        self.profile()
        run = self.expect(
            0, "validate", "--set", "conflict.policy=prefer_cloud")
        self.assertIn("prefer_cloud", run.out)
        for value, words in (("to_local", "to the local folder"),
                             ("to_cloud", "to the cloud folder")):
            run = self.expect(
                0, "validate", "--set", f"sync.direction={value}")
            self.assertIn(words, run.out)
        run = self.expect(4, "validate", "--set", "conflict.policy=dunno",
                          "--set", "sync.oops=1", "--json")
        self.assertEqual(len(run.json()["problems"]), 2)
        self.expect(4, "validate", "--set", "nonsense")

    def test_long_values_are_not_cut(self):
        label = "long " * 400 + "end"
        self.profile(extra="")
        run = self.expect(0, "validate", "--set", f"identity.label={label}")
        self.assertIn(label, run.out)


class ProfileChoice(FlowTest):
    def chosen(self, *args, **options):
        return self.expect(
            0, "validate", "--json", *args, **options).json()["profile"]

    def test_the_only_one(self):
        self.profile("work")
        self.assertEqual(self.chosen(), "work")

    def test_none(self):
        run = self.expect(4, "validate", "--json")
        self.assertIsNone(run.json()["profile"])

    def test_several(self):
        self.profile("work")
        self.profile("play")
        run = self.expect(4, "validate")
        self.assertIn("work", run.err)
        self.assertIn("play", run.err)
        self.assertEqual(self.chosen("-p", "play"), "play")
        self.assertEqual(self.chosen("--profile=work"), "work")

    def test_order(self):
        self.profile("work")
        self.profile("play")
        os.makedirs(self.path("elsewhere"))
        other = self.path("elsewhere", "other.ini")
        os.rename(self.profile("third"), other)
        env = {"COLDSYNC_CONFIG": native(other)}
        self.assertEqual(self.chosen(env=env), "other")
        self.assertEqual(self.chosen("-p", "play", env=env), "play")
        self.assertEqual(
            self.chosen("-p", "play", "-c",
                        native(self.path("config", "work.ini")), env=env),
            "work")

    def test_missing(self):
        self.profile("work")
        self.expect(4, "validate", "-p", "wrok")
        self.expect(4, "validate", "-c", native(self.path("nowhere.ini")))
        self.expect(4, "validate", "-p", "../config/work")
        self.expect(4, "validate", "-p", "")
        self.expect(4, "validate", "-c", "")
        self.expect(4, "validate", "-c", native(self.config_dir))

    def test_config_directory(self):
        self.profile("work")
        if not POSIX:
            self.skipTest("XDG is for POSIX systems")
        os.makedirs(self.path("xdg-config"))
        os.rename(self.config_dir, self.path("xdg-config", "coldsync"))
        self.assertEqual(
            self.chosen(env={"COLDSYNC_CONFIG_DIR": None}), "work")

    @unittest.skipUnless(POSIX, "names of any bytes are for POSIX systems")
    def test_names_that_are_no_text(self):
        path = os.fsencode(self.config_dir) + b"/w\xffrk.ini"
        os.rename(self.profile("work"), path)
        document = self.expect(
            0, "validate", "--json", "-c", os.fsdecode(path)).json()
        self.assertTrue(document["file"].endswith("w\ufffdrk.ini"))
        self.assertEqual(document["file_hex"], path.hex())


if __name__ == "__main__":
    main()
