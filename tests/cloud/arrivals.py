"""The order in which a cloud client brings a change to another machine.

    arrivals.py FILE    record a real Syncthing, as seen by the kernel

Writes one line for each thing that happened in the receiving folder, in order:
"begin PATH" (something of it is there, under another name), "have PATH", "gone
PATH". Contents are not recorded: whoever replays it (test_arrivals.py) makes
the same change and takes them from there. Linux only.
"""

import ctypes
import os
import random
import select
import struct
import sys
import tempfile
import time

IN_MOVED_FROM, IN_MOVED_TO = 0x40, 0x80
IN_CREATE, IN_DELETE, IN_CLOSE_WRITE = 0x100, 0x200, 0x8
EVENT = struct.Struct("iIII")
TEMP = (".syncthing.", ".tmp")

BEFORE = {f"{d}/{n}": f"{d} {n} at first\n" * 20
          for d in ("a", "b", "c") for n in ("one", "two", "three", "four")}


def change(machine):
    """What the sending machine does between two syncs: edits (one of the same
    size), new files small and large, deletions, a rename."""
    dice = random.Random(6)
    machine.write("a/one", "edited\n" * 30)
    machine.write("b/one", BEFORE["b/one"].replace("first", "later"))
    machine.write("c/one", "")
    machine.write("a/new", "new")
    machine.write("b/large", dice.randbytes(1_500_000).hex())
    machine.write("c/also large", dice.randbytes(500_000).hex())
    for name in ("a/two", "c/three"):
        os.unlink(os.path.join(machine.local, name))
    os.rename(os.path.join(machine.local, "b/three"),
              os.path.join(machine.local, "a/renamed"))


class Watch:
    """Names that come and go below a folder, in the kernel's order."""

    def __init__(self, root):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK)
        self.dirs = {}
        for top, dirs, _ in os.walk(root):
            dirs[:] = [d for d in dirs if not d.startswith(".st")]
            mask = (IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE
                    | IN_CLOSE_WRITE)
            watch = self.libc.inotify_add_watch(
                self.fd, os.fsencode(top), mask)
            if watch < 0:
                raise OSError(ctypes.get_errno(), top)
            self.dirs[watch] = os.path.relpath(top, root)

    def events(self, seconds):
        """(kind, path) of what has happened since."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return
        data, at = os.read(self.fd, 1 << 20), 0
        while at < len(data):
            watch, mask, _, length = EVENT.unpack_from(data, at)
            at += EVENT.size
            name = os.fsdecode(data[at:at + length].rstrip(b"\0"))
            at += length
            path = os.path.normpath(os.path.join(self.dirs[watch], name))
            yield mask & 0xfff, path

    def close(self):
        os.close(self.fd)


def story(events):
    """The lines of a recording; each begin once."""
    begun = set()
    for mask, path in events:
        top, name = os.path.split(path)
        if name.startswith(TEMP[0]) and name.endswith(TEMP[1]):
            path = os.path.join(top, name[len(TEMP[0]):-len(TEMP[1])])
            if mask & (IN_CREATE | IN_CLOSE_WRITE) and path not in begun:
                begun.add(path)
                yield f"begin {path}"
        elif mask & (IN_DELETE | IN_MOVED_FROM):
            yield f"gone {path}"
        elif mask & (IN_MOVED_TO | IN_CLOSE_WRITE):
            yield f"have {path}"


def record(out):
    """Needs Syncthing; who only replays does not."""
    from harness import FlowTest
    from machines import Machine
    import syncthing

    class Stage(FlowTest):
        def runTest(self):
            a = Machine(self, "a", cloud="cloud-a")
            b = Machine(self, "b", cloud="cloud-b")
            client = syncthing.Cloud(self.home, [a.cloud, b.cloud], 800)
            self.addCleanup(client.stop)
            for name, text in BEFORE.items():
                a.write(name, text)
            for machine in (a, b):
                machine.sync()
                client.settle()
            watch = Watch(b.cloud)
            change(a)
            a.sync()
            client.scan(0, 1)
            seen, end = [], time.monotonic() + 60
            while time.monotonic() < end:
                new = list(watch.events(0.5))
                seen += new
                if any(path.endswith("a.manifest") for _, path in seen):
                    end = time.monotonic() + 8 if new else end
            watch.close()
            with open(out, "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in story(seen))

    Stage().debug()


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "flow"))
    record(sys.argv[1])
