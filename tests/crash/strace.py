"""Where a run may be stopped, and stopping it there.

A point is one system call of a run: its name, and which of its name it is.
Runs are single-threaded and worlds are alike, so that the same point is the
same place in every run. A kill lands before the call, a stop after. What
served.c can do is done there; strace tells what descriptors stand for.
"""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass

import served
from served import Fault

# All that can change something that outlives the process.
CHANGING = ("openat", "write", "pwrite64", "writev", "renameat2", "linkat",
            "unlinkat", "mkdirat", "symlinkat", "fchmod", "fchmodat",
            "utimensat", "truncate", "ftruncate", "fallocate", "fsync",
            "fdatasync", "syncfs", "copy_file_range", "sendfile", "ioctl")

# The same, where the processor has it.
OLDER = ("rename", "link", "unlink", "mkdir", "rmdir", "symlink", "chmod",
         "renameat")

# What only looks, and can fail all the same.
LOOKING = ("openat2", "getdents64", "newfstatat", "statx", "fstat", "pread64",
           "read", "readlinkat", "lseek", "flock", "fcntl", "fstatfs")

LINE = re.compile(r"^(\w+)\((.*)$")

# No exchanging renames; and no hard links either, which is FAT.
FALLBACKS = {
    "": (),
    "link": ("renameat2:error=EINVAL",),
    "rename": ("renameat2:error=EINVAL", "linkat:error=EPERM"),
}


@dataclass(frozen=True)
class Point:
    name: str
    n: int          # counts from 1 among the calls of this name
    text: str = ""  # of the call, as strace shows it

    def __str__(self):
        return f"{self.name}#{self.n}"


def missing():
    """Why there are no faults here; None when there are."""
    if served.library() is None:
        return "served.c is not built for this system"
    return None


def no_tracing():
    """Why strace cannot be used here; None when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    probe = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"],
                           capture_output=True, check=False)
    return "tracing is not allowed here" if probe.returncode != 0 else None


def command(names, injections=(), out=os.devnull, signals="none"):
    words = ["strace", "-f", "-qq", "-o", out, "-e", "signal=" + signals,
             "-e", "trace=" + ",".join(names)]
    for injection in injections:
        words += ["-e", "inject=" + injection]
    return words


def forced(fallback):
    """The faults that force a fallback; nothing for none."""
    return [Fault(*injection.split(":error="))
            for injection in FALLBACKS[fallback]]


def forced_names(fallback):
    """The calls that fail anyway: nothing happens there."""
    return {injection.split(":")[0] for injection in FALLBACKS[fallback]}


def changes(point):
    """Does this call change something? Opening does only with O_CREAT, an
    ioctl only as a clone."""
    if point.name == "openat":
        return "O_CREAT" in point.text
    if point.name == "ioctl":
        return "FICLONE" in point.text
    return point.name not in LOOKING


def points(world, *args, fallback=""):
    """Run to the end and list its points, in order; and the run."""
    names = CHANGING + LOOKING + (OLDER if os.uname().machine == "x86_64"
                                  else ())
    run = world.run(*args, before=[
        *(Fault(name, "list") for name in names), *forced(fallback)])
    return parse(run.listed), run


def parse(log):
    """The points in a list of calls."""
    found, count = [], {}
    for line in log.splitlines():
        name, text = LINE.match(line).groups()
        count[name] = count.get(name, 0) + 1
        found.append(Point(name, count[name], text))
    return found


def own(found):
    """Without what comes before the program looks at its config file."""
    for i, point in enumerate(found):
        if "test.ini" in point.text:
            return found[i + 1:]
    return found


def inject(point, what, fallback="", forever=False):
    """The faults that bring *what* about at a point."""
    return [f for f in forced(fallback) if f.name != point.name] + [
        Fault(point.name, what.removeprefix("error="), point.n,
              0 if forever else point.n)]


def kill_at(world, point, *args, fallback=""):
    """Run until the point; True when it was reached, and nothing after."""
    run = world.run(*args, before=inject(point, "kill", fallback))
    return run.code == -signal.SIGKILL


class Frozen:
    """A run stopped at a point: the world can be changed, then it goes on."""

    def __init__(self, world, point, *args, fallback=""):
        self.server = world.start(*args, faults=inject(point, "stop", fallback))
        self.code = self.server.wait()
        self.reached = self.code is None

    def go_on(self):
        """Continue; its exit code and what it said."""
        if self.reached:
            self.server.go_on()
            self.code = self.server.wait()
        return self.code, *self.server.said()
