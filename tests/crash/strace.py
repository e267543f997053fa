"""Faults by strace: where a run may be stopped, and stopping it there.

A point is one system call of a run: its name, and which of its name it is.
Runs are single-threaded and worlds are alike, so that the same point is the
same place in every run. strace's kill lands before the call, its stop after.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

# All that can change something that outlives the process; '?' where not every
# processor has it.
CHANGING = ("openat", "write", "pwrite64", "?writev", "?rename", "renameat",
            "renameat2", "?link", "linkat", "?unlink", "unlinkat", "?mkdir",
            "mkdirat", "?rmdir", "?symlink", "symlinkat", "?chmod", "fchmod",
            "fchmodat", "utimensat", "?truncate", "ftruncate", "fallocate",
            "fsync", "fdatasync", "syncfs", "copy_file_range", "sendfile",
            "ioctl")

# What only looks, and can fail all the same.
LOOKING = ("openat2", "getdents64", "newfstatat", "?statx", "?fstat",
           "pread64", "read", "readlinkat", "lseek", "flock", "fcntl",
           "fstatfs")

LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")

STOPPED = re.compile(r"^(\d+) +--- stopped by SIGSTOP ---", re.MULTILINE)

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
    """Why there is no tracing here; None when there is."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    probe = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"],
                           capture_output=True, check=False)
    if probe.returncode != 0:
        return "tracing is not allowed here"
    return None


def command(names, injections=(), out=os.devnull, signals="none"):
    words = ["strace", "-f", "-qq", "-o", out, "-e", "signal=" + signals,
             "-e", "trace=" + ",".join(names)]
    for injection in injections:
        words += ["-e", "inject=" + injection]
    return words


def forced(fallback):
    """What goes before a command to force a fallback; nothing for none."""
    injections = FALLBACKS[fallback]
    if not injections:
        return []
    return command(forced_names(fallback), injections)


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


def points(world, *args, fallback="", names=CHANGING + LOOKING):
    """Run to the end and list its points, in order; and the run."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        run = world.run(*args, before=command(names, FALLBACKS[fallback],
                                              log.name))
        found = parse(log)
    return found, run


def parse(log):
    """The points in strace's report."""
    found, count = [], {}
    for line in log:
        match = LINE.match(line)
        if match is None:
            continue
        name, text = match.groups()
        count[name] = count.get(name, 0) + 1
        found.append(Point(name, count[name], text.rstrip()))
    return found


def own(found):
    """Without what the loader does before the program begins: its first look
    at the config file is the first of its own."""
    for i, point in enumerate(found):
        if "test.ini" in point.text:
            return found[i + 1:]
    return found


def inject(point, what, fallback="", **options):
    """The command that brings *what* about at a point."""
    forced_here = [i for i in FALLBACKS[fallback]
                   if i.split(":")[0] != point.name]
    names = [point.name] + [i.split(":")[0] for i in forced_here]
    return command(names, forced_here
                   + [f"{point.name}:{what}:when={point.n}"], **options)


def kill_at(world, point, *args, fallback=""):
    """Run until the point; True when it was reached, and nothing after."""
    run = world.run(*args, before=inject(point, "signal=KILL", fallback))
    return run.code == -signal.SIGKILL


class Frozen:
    """A run stopped at a point: the world can be changed, then it goes on."""

    def __init__(self, world, point, *args, fallback=""):
        self.log = os.path.join(world.home, "strace.log")
        self.process = subprocess.Popen(
            [*inject(point, "signal=STOP", fallback, out=self.log,
                     signals="SIGSTOP"), *world.command(*args)],
            env=world.environment(traced=True), cwd=world.home,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.pid = None
        self.reached = self.wait()

    def wait(self, seconds=20):
        """Until it stands still (True), or has ended (False)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if self.stands():
                return True
            time.sleep(0.001)
        return False

    def stands(self):
        try:
            with open(self.log, encoding="ascii", errors="replace") as file:
                match = STOPPED.search(file.read())
        except FileNotFoundError:
            return False
        if match is not None:
            self.pid = int(match.group(1))
        return match is not None

    def go_on(self):
        """Continue; its exit code and what it said."""
        if self.reached:
            os.kill(self.pid, signal.SIGCONT)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err
