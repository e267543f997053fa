"""The documentation says what is, and all of it.

Whatever a page shows as a command, an option or a key exists; the reference
pages and the man pages are in step with the tables of the program; links lead
somewhere.
"""

import gzip
import html
import os
import re
import subprocess
import unittest

from harness import POSIX, FlowTest, main

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
DESCRIBE = os.environ.get("DESCRIBE", "")
MAN = os.environ.get("MAN_DIR", "")


def pages():
    """Every Markdown page we ship."""
    found = [name for name in os.listdir(ROOT) if name.endswith(".md")]
    for top, _dirs, files in os.walk(os.path.join(ROOT, "docs")):
        found += [os.path.relpath(os.path.join(top, name), ROOT)
                  for name in files if name.endswith(".md")]
    return sorted(found)


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def said(text):
    """What a page shows as typed: code spans, and the lines of its blocks."""
    blocks = re.findall(r"(?ms)^ *```[a-z]*\n(.*?)^ *```", text)
    rest = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    lines = [line for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`([^`]+)`", rest)
    return [one.replace("\n", " ").replace("\\|", "|")
            for one in lines + spans]


class Tables(FlowTest):
    def options_of(self, command):
        """The long options help shows for it, or for None the global ones."""
        args = ("help", command) if command else ("help",)
        text = self.expect(0, *args).out
        return set(re.findall(r"(?m)^ {2,8}(?:-\w, )?(--[a-z-]+)", text))

    def commands(self):
        text = self.expect(0, "__complete", "--", "").out
        return [line.split("\t")[0] for line in text.splitlines()[1:]]

    def aliases(self):
        found = []
        for command in self.commands():
            text = self.expect(0, "help", command).out
            for line in re.findall(r"also called (.*)", text):
                found += re.findall(r"'([a-z-]+)'", line)
        return found


class InStep(Tables):
    @unittest.skipUnless(DESCRIBE, "describe was not built")
    def test_reference_pages(self):
        for page in ("configuration", "commands"):
            made = subprocess.run([DESCRIBE, page], capture_output=True,
                                  check=True, timeout=60).stdout.decode()
            self.assertEqual(read(f"docs/{page}.md"), made,
                             "run scripts/docs")

    @unittest.skipUnless(os.path.isdir(MAN), "man pages were not built")
    def test_man_pages_say_what_help_says(self):
        commands = self.commands()
        have = sorted(os.listdir(os.path.join(MAN, "man1")))
        self.assertEqual(have, sorted(
            ["coldsync.1.gz"] + [f"coldsync-{name}.1.gz" for name in commands]))
        program = manual("man1/coldsync.1")
        for option in self.options_of(None):
            self.assertIn(option, program)
        for command in commands:
            self.assertRegex(program, rf"(?m)^{command}\b")
            page = manual(f"man1/coldsync-{command}.1")
            _before, _title, options = page.partition(".SH OPTIONS")
            shown = set(re.findall(r"(?m)^(?:-\w, )?(--[a-z-]+)", options))
            self.assertEqual(shown, self.options_of(command), command)
        keys = manual("man5/coldsync.ini.5")
        for section, key in config_keys():
            self.assertRegex(keys, rf"(?m)^{re.escape(key)}$")
            self.assertIn(f"[{section}]", keys)


class Troubleshooting(FlowTest):
    def test_quotes_what_is_said(self):
        """Each message in the first column is in the program, whole."""
        source = ""
        for top, _dirs, files in os.walk(os.path.join(ROOT, "src")):
            for name in files:
                if name.endswith(".c"):
                    source += read(os.path.join(top, name))
        source = re.sub(r'"\s*"', "", source)
        quoted = [text for line in
                  read("docs/troubleshooting.md").splitlines()
                  if line.startswith("| ")
                  for text in re.findall(r"`([^`]+)`", line.split("|")[1])]
        self.assertGreater(len(quoted), 8)
        strings = re.findall(r'"((?:[^"\\\n]|\\.)*)"', source)
        for text in quoted:
            parts = [part.strip() for part in text.split("…")]
            self.assertTrue(any(holds(one, parts) for one in strings), text)


def holds(text, parts):
    """Does it have them all, in this order?"""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def manual(name):
    """A man page without what makes it bold."""
    with gzip.open(os.path.join(MAN, name + ".gz"), "rt",
                   encoding="utf-8") as file:
        return re.sub(r"\\f[BIRP]|\\(?=[-_.'])|\\&", "", file.read())


@unittest.skipUnless(POSIX, "drawn on a POSIX system")
class Picture(FlowTest):
    def test_is_what_a_run_shows(self):
        with open(os.path.join(ROOT, "docs", "terminal.svg"),
                  encoding="utf-8") as file:
            drawn = re.sub(r"<rect[^>]*>|<[^>]*>", "", file.read())
        run = subprocess.run(
            [os.path.join(ROOT, "scripts", "picture"), "--text",
             os.environ["COLDSYNC"]], capture_output=True, check=True,
            timeout=60)
        self.assertEqual(words(html.unescape(drawn)),
                         words(run.stdout.decode()), "run scripts/picture")


def words(text):
    """Without what is another one each time."""
    text = re.sub(r"\d{8}T\d{6}Z-(\w+)-[0-9a-f]{4}", r"ID-\1", text)
    return re.sub(r"\d{8}-\d{6}", "TIME", text).split()


def config_keys():
    """Every key, from the reference page."""
    section, found = "", []
    for line in read("docs/configuration.md").splitlines():
        if line.startswith("## ["):
            section = line[4:-1]
        elif line.startswith("| `"):
            found.append((section, line.split("`")[1]))
    return found


class Pages(Tables):
    def test_links_lead_somewhere(self):
        for page in pages():
            text = re.sub(r"(?ms)^ *```.*?^ *```", "", read(page))
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
                if "://" in target or target.startswith("mailto:"):
                    continue
                path = os.path.join(ROOT, os.path.dirname(page), target)
                self.assertTrue(os.path.exists(path), f"{page}: {target}")

    def test_no_page_was_merged_by_halves(self):
        for page in pages():
            self.assertNotRegex(read(page), r"(?m)^(<{7}|>{7}|={7}$)", page)

    def test_index_has_every_page_once(self):
        index = read("docs/README.md")
        for page in pages():
            if page.startswith("docs/") and page != "docs/README.md":
                self.assertEqual(index.count(f"({page[5:]})"), 1, page)

    def test_commands_and_options_exist(self):
        commands = self.commands()
        known = set(commands) | set(self.aliases())
        options = {name: self.options_of(name) for name in commands}
        everywhere = self.options_of(None)
        for page in pages():
            if page in ("CHANGELOG.md",):
                continue
            for line in said(read(page)):
                for shown in re.findall(
                        r"(?<![\w/.~-])coldsync((?: +[^\s;&]+)*)", line):
                    words = shown.split()
                    self.check_line(page, line, words, known, options,
                                    everywhere)

    def check_line(self, page, line, words, known, options, everywhere):
        command = None
        previous = ""
        for word in words:
            word = word.strip("[]'\"`")
            if word == "--":
                return
            if word.startswith("--"):
                name = word.split("=")[0]
                allowed = everywhere | options.get(command, set())
                self.assertIn(name, allowed, f"{page}: {line}")
            elif (command is None and previous not in ("-c", "-p", "--set")
                    and re.fullmatch(r"[a-z_|-]{2,}", word)
                    and not word.startswith("-")):
                for one in word.split("|"):
                    self.assertIn(one, known, f"{page}: {line}")
                command = word.split("|")[0]
            elif command is None and re.fullmatch(r"[A-Z]+", word) and (
                    previous not in ("-c", "-p", "--set")):
                return  # a pattern: COMMAND
            previous = word

    def test_keys_exist(self):
        keys = {f"{section}.{key}" for section, key in config_keys()}
        sections = {section for section, _key in config_keys()}
        for page in pages():
            for span in said(read(page)):
                for name in re.findall(
                        r"(?<![\w./])([a-z_]+\.[a-z_]+(?:\.[a-z]+)?)"
                        r"(?= *(?:=|$|`))", span):
                    section = name.split(".")[0]
                    if section in sections and not name.endswith(
                            (".md", ".ini", ".json", ".log", ".c", ".h",
                             ".py")):
                        self.assertIn(name, keys, f"{page}: {span}")


if __name__ == "__main__":
    main()
