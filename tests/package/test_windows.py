"""The .zip and the installer, under Wine."""

import glob
import os
import shutil
import subprocess
import unittest
import zipfile

from pack import ROOT, VERSION, pack

from harness import EMULATOR, FlowTest, main, native


class Windows(FlowTest):
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

    def check_folder(self, folder):
        have = os.listdir(folder)
        for name in ("coldsync.exe", "LICENSE.txt", "docs",
                     "config-templates"):
            self.assertIn(name, have)
        self.assertEqual(
            sorted(os.listdir(os.path.join(folder, "config-templates"))),
            sorted(os.listdir(os.path.join(ROOT, "config-templates"))))
        self.use(os.path.join(folder, "coldsync.exe"))

    def test_zip(self):
        made = pack(self.make_dir("packages"), "ZIP")
        with zipfile.ZipFile(next(iter(made.values()))) as archive:
            archive.extractall(self.path("unpacked"))
        top = os.listdir(self.path("unpacked"))
        self.assertEqual(top, [f"coldsync-{VERSION}-windows-AMD64"])
        self.check_folder(self.path("unpacked", top[0]))

    def wine(self, *args):
        done = subprocess.run([*EMULATOR, *args], capture_output=True,
                              env=self.environment(), timeout=200,
                              check=False)
        self.assertEqual(done.returncode, 0, done)

    @unittest.skipUnless(shutil.which("makensis"), "makensis is not installed")
    def test_installer(self):
        made = pack(self.make_dir("packages"), "NSIS")
        installer = next(path for name, path in made.items()
                         if name.endswith(".exe"))
        folder = self.path("installed")
        self.wine(installer, "/S", "/D=" + native(folder))
        self.check_folder(folder)
        uninstaller = glob.glob(os.path.join(folder, "Uninstall.exe"))
        self.assertEqual(len(uninstaller), 1)
        self.wine(uninstaller[0], "/S", "_?=" + native(folder))
        self.assertFalse(os.path.exists(os.path.join(folder, "coldsync.exe")))
        self.assertFalse(os.path.exists(os.path.join(folder, "docs")))


if __name__ == "__main__":
    main()
