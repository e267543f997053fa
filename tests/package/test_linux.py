"""The .deb and the .tar.gz: clean, complete, usable, gone without a trace."""

import os
import shutil
import subprocess
import tarfile

from pack import ROOT, VERSION, digest, pack

from harness import FlowTest, main


class Linux(FlowTest):
    def setUp(self):
        super().setUp()
        made = pack(self.make_dir("packages"), "DEB", "TGZ")
        self.made = made
        self.deb = next(path for name, path in made.items()
                        if name.endswith(".deb"))
        self.tgz = next(path for name, path in made.items()
                        if name.endswith(".tar.gz"))

    def run_tool(self, *argv, check=True):
        done = subprocess.run(argv, capture_output=True, text=True,
                              check=False, cwd=self.home, timeout=120)
        if check:
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def use(self, program):
        """What is installed does its work."""
        os.environ["COLDSYNC"], before = program, os.environ["COLDSYNC"]
        try:
            self.assertEqual(self.expect(0, "version").out,
                             f"coldsync {VERSION}\n")
            self.profile()
            self.write("local/note", "hello")
            self.expect(0, "sync", "--apply")
            self.assertTrue(os.path.exists(self.path("cloud/note")))
        finally:
            os.environ["COLDSYNC"] = before

    def test_lintian_has_nothing_to_say(self):
        if shutil.which("lintian") is None:
            self.skipTest("lintian is not installed")
        said = self.run_tool("lintian", "--allow-root", "--fail-on",
                             "error,warning", self.deb, check=False)
        self.assertEqual([line for line in said.splitlines()
                          if line[:2] in ("E:", "W:")], [])

    def dpkg(self, *args):
        root = self.path("root")
        argv = ["dpkg", f"--root={root}", "--force-depends",
                "--force-not-root", f"--log={self.path('dpkg.log')}", *args]
        if os.geteuid() != 0:
            argv.insert(0, "fakeroot")
        return self.run_tool(*argv)

    def test_install_use_remove(self):
        if os.geteuid() != 0 and shutil.which("fakeroot") is None:
            self.skipTest("needs root or fakeroot")
        for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates"):
            self.make_dir("root", name)
        for name in ("status", "available"):
            self.write(f"root/var/lib/dpkg/{name}", "")
        self.dpkg("--install", self.deb)
        self.assertIn("install ok installed", self.dpkg("--status",
                                                        "coldsync"))
        for name in ("bin/coldsync", "share/man/man1/coldsync.1.gz",
                     "share/man/man1/coldsync-sync.1.gz",
                     "share/man/man5/coldsync.ini.5.gz",
                     "share/bash-completion/completions/coldsync",
                     "share/zsh/site-functions/_coldsync",
                     "share/fish/vendor_completions.d/coldsync.fish",
                     "share/doc/coldsync/copyright",
                     "share/doc/coldsync/configuration.md"):
            self.assertTrue(os.path.isfile(self.path("root/usr", name)), name)
        self.assertEqual(
            sorted(os.listdir(self.path(
                "root/usr/share/coldsync/config-templates"))),
            sorted(os.listdir(os.path.join(ROOT, "config-templates"))))
        self.use(self.path("root/usr/bin/coldsync"))
        self.dpkg("--purge", "coldsync")
        left = [os.path.join(top, name)
                for top, _dirs, files in os.walk(self.path("root"))
                for name in files if "/var/lib/dpkg" not in top]
        self.assertEqual(left, [])

    def test_archive(self):
        with tarfile.open(self.tgz) as archive:
            archive.extractall(self.path("unpacked"), filter="data")
        top = os.path.basename(self.tgz)[:-len(".tar.gz")]
        self.assertEqual(os.listdir(self.path("unpacked")), [top])
        self.use(self.path("unpacked", top, "bin/coldsync"))

    def test_same_bytes_again(self):
        again = pack(self.make_dir("again"), "DEB", "TGZ")
        for name, path in self.made.items():
            self.assertEqual(digest(path), digest(again[name]), name)

    def test_changelog_is_of_this_version(self):
        with open(os.path.join(ROOT, "packaging/debian/changelog"),
                  encoding="utf-8") as file:
            self.assertIn(f"({VERSION})", file.readline())


if __name__ == "__main__":
    main()
