"""Commands, options, help, and what is said about mistakes in them."""

import re

from harness import FlowTest, main

COMMANDS = ("validate", "plan", "sync", "pull", "push", "conflicts",
            "resolve", "pause", "resume", "help", "version")


class Help(FlowTest):
    def test_without_a_command(self):
        run = self.expect(4)
        self.assertEqual(run.out, "")
        self.assertIn("no command given", run.err)
        self.assertIn("Usage: coldsync", run.err)

    def test_without_a_command_as_json(self):
        run = self.expect(4, "--json")
        self.assertIsNone(run.json()["command"])

    def test_overview(self):
        run = self.expect(0, "help")
        self.assertEqual(run.err, "")
        for name in COMMANDS:
            self.assertRegex(run.out, rf"(?m)^  {name} +\S")
        for option in ("-c, --config FILE", "-p, --profile NAME", "--all",
                       "-v, --verbose", "-q, --quiet", "--json", "--color",
                       "--progress", "--threads N", "--set",
                       "--manual-terminate-confirmation",
                       "--auto-terminate-without-confirmation",
                       "-h, --help", "-V, --version"):
            self.assertIn(option, run.out)
        for line in run.out.splitlines():
            self.assertLessEqual(len(line), 80)
            self.assertEqual(line, line.rstrip())

    def test_the_same_by_option(self):
        overview = self.expect(0, "help").out
        self.assertEqual(self.expect(0, "-h").out, overview)
        self.assertEqual(self.expect(0, "--help").out, overview)

    def test_every_command(self):
        for name in COMMANDS:
            with self.subTest(command=name):
                text = self.expect(0, "help", name).out
                self.assertIn(f"coldsync {name} - ", text)
                self.assertIn("[GLOBAL OPTIONS] " + name, text)
                for args in ((name, "-h"), ("-h", name), (name, "--help"),
                             ("--bogus", name, "-h"),
                             (name, "a", "b", "c", "-h")):
                    self.assertEqual(self.expect(0, *args).out, text)

    def test_by_alias(self):
        text = self.expect(0, "help", "pause").out
        self.assertIn("'disable'", text)
        self.assertEqual(self.expect(0, "help", "disable").out, text)

    def test_of_nothing(self):
        run = self.expect(4, "help", "paus")
        self.assertEqual(run.out, "")
        self.assertIn("unknown command 'paus'", run.err)
        self.assertIn("'coldsync help pause'", run.err)
        self.expect(4, "help", "qqqqqqq")
        self.expect(4, "help", "pause", "resume")

    def test_as_json(self):
        for args in (("help", "--json"), ("pause", "-h", "--json")):
            run = self.expect(0, *args)
            self.assertEqual(run.json()["command"], "help")
            self.assertIn("Usage", run.err)


class Version(FlowTest):
    def test_everywhere(self):
        for args in (("version",), ("-V",), ("--version",), ("pause", "-V"),
                     ("version", "-v"), ("version", "-q")):
            with self.subTest(args=args):
                run = self.expect(0, *args)
                self.assertRegex(run.out, r"\Acoldsync \d+\.\d+\.\d+\n\Z")
                self.assertEqual(run.err, "")

    def test_as_json(self):
        run = self.expect(0, "--json", "version")
        self.assertRegex(run.json()["version"], r"\A\d+\.\d+\.\d+\Z")
        self.assertEqual(run.json()["command"], "version")
        option = self.expect(0, "pause", "-V", "--json")
        self.assertEqual(option.json(), run.json())
        self.assertRegex(run.err, r"\Acoldsync \d")


class Mistakes(FlowTest):
    CASES = (
        (("valdate",), "unknown command 'valdate'", "'validate'"),
        (("disabel",), "unknown command 'disabel'", "'disable'"),
        (("--bogus", "version", "-x"), "unknown option '--bogus'", "help"),
        (("vresion", "-h"), "unknown command 'vresion'", "'version'"),
        (("vresion", "-V"), "unknown command 'vresion'", "'version'"),
        (("qqqqqqq",), "unknown command 'qqqqqqq'", "'coldsync help'"),
        (("--jsn", "version"), "unknown option '--jsn'", "'--json'"),
        (("version", "--vrebose"), "unknown option '--vrebose'",
         "'--verbose'"),
        (("--vresion",), "unknown option '--vresion'", "'--version'"),
        (("version", "-x"), "unknown option '-x'", "coldsync help version"),
        (("version", "more"), "argument 'more'", "coldsync help version"),
        (("version", "--", "-v"), "argument '-v'", "coldsync help version"),
        (("version", "--all"), "--all", "coldsync help version"),
        (("-c",), "-c needs a value: FILE", "coldsync help"),
        (("-c", "--json", "version"), "-c needs a value: FILE",
         "coldsync help version"),
        (("--json=1", "version"), "--json takes no value", "help"),
        (("--threads", "0", "version"), "from 1 to 256", "help"),
        (("--threads", "257", "version"), "from 1 to 256", "help"),
        (("--threads", "-1", "version"), "from 1 to 256", "help"),
        (("version", "--threads", "x"), "from 1 to 256", "help"),
        (("--color", "pink", "version"), "auto|always|never", "help"),
        (("--progress=", "version"), "auto|always|never", "help"),
        (("-p", "a", "version", "-p", "a"), "-p is given twice", "help"),
        (("-q", "-v", "version"), "contradict", "help"),
        (("--manual-terminate-confirmation", "version",
          "--auto-terminate-without-confirmation"), "contradict", "help"),
        (("",), "unknown command ''", "help"),
        (("a\x1b[31m\nb",), "unknown command 'a", "help"),
    )

    def test_are_explained(self):
        for args, why, remedy in self.CASES:
            with self.subTest(args=args):
                run = self.expect(4, *args)
                if "--json" not in args:
                    self.assertEqual(run.out, "")
                told = re.search(r"(?m)^coldsync: .*", run.err).group()
                hint = re.search(r"(?m)^hint: .*", run.err).group()
                self.assertIn(why, told)
                self.assertIn(remedy, hint)
                self.assertNotIn("\x1b", run.err)

    def test_are_explained_in_json(self):
        for args, why, _remedy in self.CASES:
            if "--" in args:
                continue
            for with_json in (("--json", *args), (*args, "--json")):
                with self.subTest(args=with_json):
                    if with_json[-2] in ("-c",):
                        continue
                    run = self.expect(4, *with_json)
                    self.assertIn(why, run.json()["message"])

    def test_names_that_are_no_text(self):
        run = self.expect(4, b"\xff\xfe\x1b[2J", "--json")
        self.assertIn("\ufffd", run.json()["message"])
        self.assertNotIn("\x1b", run.err)

    def test_words_behind_two_dashes_are_no_options(self):
        run = self.expect(4, "version", "--", "--json")
        self.assertIn("'--json'", run.err)
        self.assertEqual(run.out, "")


class Options(FlowTest):
    def test_stand_before_or_behind_the_command(self):
        for args in (("--json", "version"), ("version", "--json"),
                     ("--threads", "8", "version", "--json"),
                     ("version", "--json", "--threads=256"),
                     ("--set", "a.b=c", "--json", "version", "--set=d.e=f"),
                     ("-vv", "--color=always", "version", "--json"),
                     ("-c", "x", "-p", "y", "--json", "version")):
            with self.subTest(args=args):
                self.assertEqual(self.expect(0, *args).json()["result"],
                                 "ok")


if __name__ == "__main__":
    main()
