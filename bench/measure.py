"""Time whole commands: wall clock, processor, memory."""

import os
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Cost:
    """What one run of a command took."""
    wall: float
    cpu: float
    memory: int  # bytes of private memory at their highest


@dataclass
class Figures:
    """All runs of one contestant at one row."""
    name: str
    costs: list = field(default_factory=list)

    def middle(self, what="wall"):
        return statistics.median(getattr(c, what) for c in self.costs)

    def least(self, what="wall"):
        return min(getattr(c, what) for c in self.costs)

    def spent(self):
        return sum(c.wall for c in self.costs)


def private_memory(pid):
    """Of a process and all it started, now."""
    total = 0
    try:
        with open(f"/proc/{pid}/status", encoding="ascii",
                  errors="replace") as f:
            for line in f:
                if line.startswith("RssAnon:"):
                    total = int(line.split()[1]) * 1024
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            children = f.read().split()
    except OSError:
        return total
    return total + sum(private_memory(child) for child in children)


class MemoryWatch(threading.Thread):
    """The highest private memory of a command while it lives. Mapped files
    do not count: the system takes those pages back when it needs them."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.highest = 0
        self.over = threading.Event()
        self.start()

    def run(self):
        pause = 0.002
        while not self.over.is_set():
            self.highest = max(self.highest, private_memory(self.pid))
            self.over.wait(pause)
            # Often at first, for what is short; then out of the way.
            pause = min(pause * 1.2, 0.05)


def run(command, good=(0,), env=None):
    """Run it to its end; anything but a good exit code is a mistake."""
    began = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=env,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        memory = MemoryWatch(process.pid)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.over.set()
        memory.join()
    if process.returncode not in good:
        raise RuntimeError(f"{command} ended with {process.returncode}: "
                           f"{said.decode(errors='replace')[-500:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory.highest)


def drop_caches():
    """Begin cold: what was read before is forgotten (root only)."""
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
        f.write("3\n")
