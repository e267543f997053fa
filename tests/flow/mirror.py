"""What tests of a sync stand on: two folders, and what is in them."""

import os
import select
import subprocess
import time

from harness import POSIX, FlowTest, Run

if POSIX:
    import fcntl
    import pty
    import signal
    import struct
    import termios

SUMMARY = ["in_sync", "to_local", "to_cloud", "delete_local", "delete_cloud",
           "merged", "conflicts", "skipped", "failed", "bytes_to_local",
           "bytes_to_cloud"]

# 2026-01-01 00:00:00 UTC: times in tests are seconds after it.
EPOCH = 1767225600


class MirrorTest(FlowTest):
    def setUp(self):
        super().setUp()
        self.profile()

    # -- the two folders -----------------------------------------------------

    def put(self, side, name, content, at=None):
        """A file on one side, modified *at* seconds after EPOCH."""
        path = self.write(f"{side}/{name}", content)
        if at is not None:
            os.utime(path, (EPOCH + at, EPOCH + at))
        return path

    def drop(self, side, name):
        os.unlink(self.path(side, name))

    def tree(self, side):
        """name -> content; a directory's content is None. Without what
        coldsync itself puts there."""
        root = self.path(side)
        found = {}
        for top, dirs, files in os.walk(root):
            if top == root and ".coldsync" in dirs:
                dirs.remove(".coldsync")
            for name in dirs:
                full = os.path.join(top, name)
                found[os.path.relpath(full, root).replace(os.sep, "/")] = None
            for name in files:
                full = os.path.join(top, name)
                with open(full, "rb") as file:
                    found[os.path.relpath(full, root).replace(os.sep, "/")] = (
                        file.read().decode("utf-8", "surrogateescape"))
        return found

    def times(self):
        """Everything below the home with its time, to see that nothing was
        touched."""
        found = {}
        for top, dirs, files in os.walk(self.home):
            for name in [*dirs, *files]:
                full = os.path.join(top, name)
                info = os.lstat(full)
                found[full] = (info.st_mtime_ns, info.st_size, info.st_ino)
        return found

    def assert_trees(self, want, cloud=None):
        """Both sides hold this, or the local and the cloud one these."""
        self.assertEqual(self.tree("local"), want)
        self.assertEqual(self.tree("cloud"), want if cloud is None else cloud)

    def kept(self):
        """What the snapshots hold: (side/path, content), sorted."""
        found = []
        root = self.path("state/docs/backups")
        for snapshot in sorted(os.listdir(root)) if os.path.isdir(
                root) else ():
            for side in ("local", "cloud"):
                base = os.path.join(root, snapshot, side)
                for top, _dirs, files in os.walk(base):
                    for name in files:
                        full = os.path.join(top, name)
                        with open(full, "rb") as file:
                            found.append((
                                side + "/" + os.path.relpath(full, base)
                                .replace(os.sep, "/"), file.read().decode()))
        return sorted(found)

    # -- running -------------------------------------------------------------

    def sync(self, code=0, *options):
        """sync --apply --json; returns the document."""
        return self.document(code, "sync", "--apply", *options)

    def document(self, code, *args):
        document = self.expect(code, *args, "--json").json()
        self.assert_plan(document)
        return document

    def assert_plan(self, document):
        """It has the members every plan has."""
        self.assertEqual(
            list(document)[7:],
            ["run_id", "applied", "snapshot", "summary", "actions",
             "conflicts", "skipped", "notes"])
        self.assertEqual(list(document["summary"]), SUMMARY)
        for action in document["actions"]:
            self.assertEqual(
                [key for key in action
                 if key not in ("from", "copy") and not key.endswith("_hex")],
                ["path", "op", "to", "reason", "type", "size", "status",
                 "error"])
        for conflict in document["conflicts"]:
            copy = conflict["kind"] == "provider_copy"
            self.assertEqual(
                [key for key in conflict if not key.endswith("_hex")],
                ["path", "kind", "group"] + ["original"] * copy
                + ["local", "cloud", "resolution"])
        for skipped in document["skipped"]:
            self.assertEqual(list(skipped), ["path", "side", "reason"])
        if document["run_id"] is None:
            self.assertFalse(document["applied"])

    def assert_quiet(self):
        """A further run has nothing to do and touches nothing."""
        document = self.document(0, "plan")
        self.assertEqual(document["actions"], [], document)
        before = self.tree("local"), self.tree("cloud"), self.kept()
        self.assertEqual(self.sync()["actions"], [])
        self.assertEqual(
            (self.tree("local"), self.tree("cloud"), self.kept()), before)

    def on_terminal(self, *args, answers=(), columns=100, interrupt=False):
        """Run it on a terminal, answering its questions (a function is called
        for its answer). With *interrupt* the last one gets Ctrl-C."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        child = subprocess.Popen(
            self.command(*args),
            env=self.environment({"TERM": "xterm", "NO_COLOR": "1"}),
            cwd=self.home, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True)
        os.close(slave)
        left = list(answers)
        shown = b""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([master], [], [], 0.2)[0]:
                if child.poll() is not None:
                    break
                continue
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end was closed
                break
            if not piece:
                break
            shown += piece
            if shown.rstrip(b" ").endswith(b"]"):
                if left:
                    answer = left.pop(0)
                    answer = answer() if callable(answer) else answer
                    os.write(master, answer.encode() + b"\n")
                    shown += b"\n"
                elif interrupt:
                    interrupt = False  # once is enough
                    os.kill(child.pid, signal.SIGINT)
                else:
                    os.write(master, b"\x04")
                    shown += b"\n"
        os.close(master)
        code = child.wait(timeout=60)
        return Run(args, code, shown, b"")
