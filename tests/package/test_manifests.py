"""The manifests for Homebrew, scoop and winget, filled in as a release does."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import unittest

from pack import ROOT, VERSION

from harness import POSIX, FlowTest, main


@unittest.skipUnless(POSIX and shutil.which("git"), "needs git and a shell")
class Manifests(FlowTest):
    def setUp(self):
        super().setUp()
        # A tree of its own, so that nothing is made in the sources.
        tree = self.path("tree")
        files = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "packaging", "scripts",
             "CMakeLists.txt"],
            capture_output=True, text=True, check=False)
        if files.returncode != 0:
            self.skipTest("the sources are not a git checkout")
        for name in files.stdout.split():
            if os.path.exists(os.path.join(ROOT, name)):
                os.makedirs(os.path.dirname(os.path.join(tree, name)),
                            exist_ok=True)
                shutil.copy(os.path.join(ROOT, name),
                            os.path.join(tree, name))
        for argv in (["init", "-q"], ["add", "-A"],
                     ["-c", "user.name=t", "-c", "user.email=t@t.example",
                      "commit", "-qm", "x"]):
            subprocess.run(["git", *argv], cwd=tree, check=True)
        self.tree = tree
        self.out = self.make_dir("tree", "build", "packages")

    def make(self):
        return subprocess.run(
            ["bash", "scripts/package", "manifests",
             "https://downloads.example/v1"],
            cwd=self.tree, capture_output=True, text=True, check=False)

    def read(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as file:
            return file.read()

    def test_not_without_the_packages(self):
        done = self.make()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("scripts/package windows", done.stderr)

    def test_filled(self):
        sums = {}
        for ending in ("zip", "exe"):
            name = f"coldsync-{VERSION}-windows-AMD64.{ending}"
            with open(os.path.join(self.out, name), "w",
                      encoding="utf-8") as file:
                file.write(ending)
            sums[ending] = hashlib.sha256(ending.encode()).hexdigest()
        done = self.make()
        self.assertEqual(done.returncode, 0, done.stderr)
        scoop = json.loads(self.read("coldsync.json"))
        self.assertEqual(scoop["version"], VERSION)
        self.assertEqual(scoop["architecture"]["64bit"], {
            "url": "https://downloads.example/v1/"
                   f"coldsync-{VERSION}-windows-AMD64.zip",
            "hash": sums["zip"]})
        winget = self.read("coldsync.installer.yaml")
        self.assertIn(f"InstallerSha256: {sums['exe']}\n", winget)
        self.assertIn(f"PackageVersion: {VERSION}\n", winget)
        formula = self.read("coldsync.rb")
        with open(os.path.join(self.out, f"coldsync-{VERSION}.tar.gz"),
                  "rb") as file:
            source = hashlib.sha256(file.read()).hexdigest()
        self.assertIn(f'sha256 "{source}"', formula)
        for name in os.listdir(self.out):
            if name.endswith((".rb", ".json", ".yaml")):
                self.assertIsNone(re.search(r"@[A-Z_]+@", self.read(name)),
                                  name)
        if shutil.which("ruby"):
            subprocess.run(["ruby", "-c", os.path.join(
                self.out, "coldsync.rb")], check=True, capture_output=True)


if __name__ == "__main__":
    main()
