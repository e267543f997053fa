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

    def spread(self):
        walls = [c.wall for c in self.costs]
        return min(walls), max(walls)


class MemoryWatch(threading.Thread):
    """The highest private memory of a process while it lives. Mapped files
    do not count: the system takes those pages back when it needs them."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.path = f"/proc/{pid}/status"
        self.highest = 0
        self.over = False
        self.start()

    def run(self):
        while not self.over:
            try:
                with open(self.path, encoding="ascii") as f:
                    for line in f:
                        if line.startswith("RssAnon:"):
                            size = int(line.split()[1]) * 1024
                            self.highest = max(self.highest, size)
            except OSError:
                return
            time.sleep(0.005)


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
        memory.over = True
    if process.returncode not in good:
        raise RuntimeError(f"{command} ended with {process.returncode}: "
                           f"{said.decode(errors='replace')[-500:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory.highest)


def drop_caches():
    """Begin cold: what was read before is forgotten (root only)."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
        f.write("3\n")
