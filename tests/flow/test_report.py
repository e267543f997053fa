"""The report: all there is to tell, on one page that is harmless to open."""

import html.parser
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import POSIX, main, native
from mirror import MirrorTest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

# Names and contents that would like to be more than that.
HOSTILE = [
    "<script>alert(1)<script>", '"><img src=x onerror=alert(2)>',
    "'\"`&amp;", "\x1b[31mred\nline", "\u202etxt.exe",
    "<title><style><h1>x",
]
CONTENT = "</td></script><script>document.title='owned'</script><h1>owned\n"


class Outline(html.parser.HTMLParser):
    """Which elements a page has, and what text."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.ids = []
        self.links = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append(name)
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "action", "data", "poster"):
                self.links.append(value)

    def handle_data(self, data):
        if self.tags[-1:] not in (["style"], ["script"]):
            self.text += data


class ReportTest(MirrorTest):
    def fill(self):
        """Two syncs, then something of everything."""
        self.put("local", "notes/a.txt", "one\ntwo\nthree\n", 0)
        self.put("local", "notes/gone.txt", "x", 0)
        self.put("local", "big.bin", "b" * 5000, 0)
        self.sync()
        self.put("cloud", "big.bin", "c" * 6000, 60)
        self.sync()
        self.put("local", "notes/a.txt", "one\ntwo here\nthree\n", 100)
        self.put("cloud", "notes/a.txt", "one\ntwo there\nthree\nfour\n", 90)
        self.put("local", "new.txt", "n", 100)
        self.drop("local", "notes/gone.txt")

    def page(self, *args):
        return self.expect(0, "report", "--output", "-", *args).out


class Page(ReportTest):
    def test_tells_all(self):
        self.fill()
        outline = Outline(self.page())
        for wanted in ("1 conflict is left to you", "notes/a.txt",
                       "changed on both sides", "only local: two here",
                       "only cloud: two there",
                       "new.txt", "notes/gone.txt", "to the cloud",
                       "6.0 kB", "snapshot", "just now", "testbox"):
            self.assertIn(wanted, outline.text)
        for section in ("summary", "plan", "conflicts", "skipped",
                        "machines", "runs",
                        "snapshots", "space"):
            self.assertIn(section, outline.ids)
            self.assertIn("#" + section, outline.links)
        self.assertEqual(outline.tags.count("circle"), 2)
        self.assertEqual(len(outline.ids), len(set(outline.ids)))

    def test_stands_alone(self):
        self.fill()
        page = self.page()
        outline = Outline(page)
        # Nothing to be fetched: every link is within the page.
        self.assertTrue(outline.links)
        for link in outline.links:
            self.assertTrue(link.startswith("#"), link)
        self.assertNotIn("@import", page)
        self.assertNotIn("url(", page)
        self.assertIn("default-src 'none'", page)
        nonces = set(re.findall(r'nonce="([0-9a-f]{32})"', page))
        self.assertEqual(len(nonces), 1)
        self.assertNotEqual(
            nonces, set(re.findall(r'nonce="([0-9a-f]{32})"', self.page())))
        self.assertFalse([name for name in outline.attributes
                          if name.startswith("on") or name == "style"])

    def test_machines(self):
        self.fill()
        other = self.profile("other").replace("\\", "/")
        with open(other, encoding="utf-8") as file:
            text = file.read().replace("testbox", "laptop\nlabel = <b>red")
        self.make_dir("elsewhere")
        self.write("config/other.ini", text.replace(
            native(self.local), native(self.path("elsewhere"))))
        self.expect(0, "-p", "other", "sync", "--apply",
                    "--accept-cloud")
        outline = Outline(self.page("-p", "docs"))
        for wanted in ("laptop", "<b>red", "this one", "newest word"):
            self.assertIn(wanted, outline.text)
        self.assertEqual(outline.tags.count("code"), 2 + 3)
        os.unlink(self.path("cloud/big.bin"))
        outline = Outline(self.page(
            "-p", "docs", "--set", "cloud.verify=require"))
        self.assertIn("Not as the machines say", outline.text)
        self.assertIn("missing", outline.text)

    def test_changes_nothing(self):
        self.fill()
        before = self.times()
        self.page()
        self.assertEqual(self.times(), before)

    def test_where_nothing_was_synced_yet(self):
        outline = Outline(self.page())
        self.assertIn("Both folders agree", outline.text)
        self.assertIn("There was no run yet", outline.text)
        self.assertIn("No sync has ended well yet", outline.text)

    def test_refused(self):
        self.fill()
        shutil.rmtree(self.cloud)
        outline = Outline(self.page())
        self.assertIn("A sync would refuse", outline.text)
        self.assertIn("There is no plan", outline.text)
        self.assertEqual(outline.tags.count("circle"), 2)

    def test_paused(self):
        self.expect(0, "pause")
        self.assertIn("The profile is paused", Outline(self.page()).text)

    @unittest.skipUnless(POSIX, "names no Windows holds")
    def test_hostile_names_are_text(self):
        self.profile(extra="[conflict]\npolicy = manual_skip\n")
        plain = Outline(self.page()).tags
        for name in HOSTILE:
            self.put("local", name, "a" + CONTENT, 0)
            self.put("cloud", name, "b" + CONTENT, 60)
            self.put("local", "new" + name, CONTENT, 0)
        page = self.page()
        outline = Outline(page)
        for tag in ("script", "style", "title", "h1", "img", "b"):
            self.assertEqual(
                outline.tags.count(tag), plain.count(tag), tag)
        self.assertIn("</td></script><script>", outline.text)
        self.assertIn('"><img src=x onerror=alert(2)>', outline.text)
        for raw in ("\x1b", "\u202e"):
            self.assertNotIn(raw, page)
        self.assertIn("\\u{202E}txt.exe", outline.text)

    def test_large_files_are_not_read(self):
        self.put("local", "a", "l" * 300000, 0)
        self.put("cloud", "a", "c" * 300001, 60)
        page = self.page()
        self.assertLess(len(page), 100000)
        self.assertIn("new on both sides", page)

    def test_many_changes_make_no_endless_page(self):
        for i in range(2100):
            self.write(f"local/f{i}", "")
        page = self.page()
        self.assertIn("and 100 more", page)


class File(ReportTest):
    def test_default_name_and_mode(self):
        self.fill()
        run = self.expect(0, "report")
        self.assertIn("coldsync-docs.html", run.err + run.out)
        path = self.path("coldsync-docs.html")
        with open(path, encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("<!doctype html>"))
        if POSIX:
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.expect(0, "report")  # its own is replaced

    def test_json(self):
        self.fill()
        document = self.expect(0, "report", "--json").json()
        self.assertEqual(document["file"], "coldsync-docs.html")
        self.assertEqual(document["bytes"],
                         os.path.getsize(self.path("coldsync-docs.html")))

    def test_other_files_are_not_replaced(self):
        for content in ("my thesis", ""):
            path = self.write("thesis.html", content)
            run = self.expect(1, "report", "--output", "thesis.html")
            self.assertIn("thesis.html", run.err)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), content)

    def test_not_into_the_folders(self):
        self.fill()
        for side in ("local", "cloud"):
            before = self.tree(side)
            run = self.expect(5, "report", cwd=self.path(side))
            self.assertIn(f"in the {side} folder", run.err)
            self.assertEqual(self.tree(side), before)

    def test_no_such_folder(self):
        self.expect(1, "report", "--output", "nowhere/x.html")


@unittest.skipUnless(BROWSER and POSIX, "chromium is not installed")
class Browser(ReportTest):
    """As a real browser has it."""

    def browse(self, page, *options):
        """What the page became, and what the console said."""
        data = tempfile.mkdtemp(prefix="coldsync-browser-", dir=self.home)
        done = subprocess.run(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run",
             "--disable-background-networking",
             "--disable-component-update", "--disable-sync",
             f"--user-data-dir={data}", "--enable-logging=stderr",
             "--virtual-time-budget=2000", *options, "file://" + page],
            env={**self.environment(), "XDG_RUNTIME_DIR": data},
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        console = [line for line in done.stderr.splitlines()
                   if "CONSOLE" in line]
        return done.stdout, console

    def report(self):
        self.profile(extra="[conflict]\npolicy = manual_skip\n")
        for name in HOSTILE:
            self.put("local", name, "a" + CONTENT, 0)
            self.put("cloud", name, "b" + CONTENT, 60)
        self.expect(0, "report")
        return self.path("coldsync-docs.html")

    def test_the_console_is_heard(self):
        page = self.write("noise.html", "<script>console.error('x')</script>")
        _dom, console = self.browse(page, "--dump-dom")
        self.assertEqual(len(console), 1)

    def test_silent_and_inert(self):
        page = self.report()
        dom, console = self.browse(page, "--dump-dom")
        self.assertEqual(console, [])
        outline = Outline(dom)
        for tag, times in (("script", 1), ("style", 1), ("h1", 1),
                           ("img", 0), ("title", 1), ("iframe", 0)):
            self.assertEqual(outline.tags.count(tag), times, tag)
        self.assertIn("<title>docs on testbox", dom)
        # Our own script did run.
        self.assertRegex(dom, r'<div class="tools">')

    def test_pictures(self):
        """Not blank in any guise; tests/ keeps no pictures to compare."""
        page = self.report()
        sizes = []
        for name, options in (
                ("light", ["--window-size=1200,1600"]),
                ("dark", ["--window-size=1200,1600",
                          "--blink-settings=preferredColorScheme=0"]),
                ("narrow", ["--window-size=500,1600"])):
            picture = self.path(name + ".png")
            _dom, console = self.browse(
                page, f"--screenshot={picture}", *options)
            self.assertEqual(console, [])
            with open(picture, "rb") as file:
                sizes.append(len(file.read()))
        self.assertGreater(min(sizes), 20000)


if __name__ == "__main__":
    main()
