"""ahead: what is staged while the batch before it is displaced.

A first sync of three batches is killed, failed and interrupted while threads
are at work on the next batch. What a user can see is whole at every end, what
was staged in vain is gone unless a journal remembers it, and a plain rerun
brings both sides together.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

FILES = 8400  # two batches and a little
SKIPPED = 77

# What strikes, and where: the main thread counts.
CASES = [
    ("renameat2", "signal=SIGKILL", 100),
    ("renameat2", "signal=SIGKILL", 4200),
    ("syncfs", "signal=SIGKILL", 2),
    ("syncfs", "signal=SIGKILL", 3),
    ("syncfs", "error=EIO", 1),
    ("syncfs", "error=EIO", 3),
    ("renameat2", "error=EIO", 4200),
    ("renameat2", "signal=SIGINT", 50),
    ("renameat2", "signal=SIGINT", 4200),
]


class Scene:
    def __init__(self, home):
        self.home = home
        self.config = self.path("p.ini")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("[identity]\nmachine_id = ahead\n[paths]\n"
                       f"local_state_dir = {self.path('local')}\n"
                       f"cloud_root_dir = {self.path('cloud')}\n"
                       f"state_dir = {self.path('state')}\n"
                       "[process_detection]\nmatch_open_files = no\n")
        for i in range(FILES):
            if i % 700 == 0:
                os.makedirs(self.path(f"local/{i // 700}"))
            with open(self.path(f"local/{i // 700}/{i}"), "w",
                      encoding="ascii") as file:
                file.write(f"content {i}\n")

    def path(self, name):
        return os.path.join(self.home, name)

    def reset(self):
        for name in ("cloud", "state"):
            shutil.rmtree(self.path(name), ignore_errors=True)
        os.mkdir(self.path("cloud"))

    def sync(self, *before):
        return subprocess.run(
            [*before, os.environ["COLDSYNC"], "-q", "-c", self.config,
             "--threads", "3", "sync", "--apply"],
            env=dict(os.environ, HOME=self.home, LC_ALL="C.UTF-8"),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
            timeout=300)

    def visible(self):
        """name -> content, in the cloud folder."""
        found = {}
        root = self.path("cloud")
        for top, dirs, files in os.walk(root):
            if top == root and ".coldsync" in dirs:
                dirs.remove(".coldsync")
            for name in files:
                full = os.path.join(top, name)
                with open(full, encoding="ascii") as file:
                    found[os.path.relpath(full, root)] = file.read()
        return found

    def staged(self):
        work = self.path("state/work")
        return os.listdir(work) if os.path.isdir(work) else []

    def owes(self):
        return os.path.exists(self.path("state/journal"))


def wanted():
    return {f"{i // 700}/{i}": f"content {i}\n" for i in range(FILES)}


def attempt(scene, case):
    """What went wrong, or None."""
    call, what, when = case
    scene.reset()
    # A signal is not injected where a filter of the system's counts.
    quick = ["--seccomp-bpf"] if what.startswith("error") else []
    run = scene.sync("strace", "-f", *quick, "-qqq", "-o", "/dev/null",
                     "-e", f"trace={call}", "-e",
                     f"inject={call}:{what}:when={when}")
    killed = what == "signal=SIGKILL"
    if killed and run.returncode != -signal.SIGKILL:
        return f"not killed: {run.returncode} {run.stderr}"
    if not killed and run.returncode not in (1, 130):
        return f"not told: {run.returncode} {run.stderr}"
    want = wanted()
    torn = [name for name, text in scene.visible().items()
            if want.get(name) != text]
    if torn:
        return f"torn: {torn[:3]}"
    if not killed and not scene.owes() and scene.staged():
        return f"left behind: {scene.staged()[:3]}"
    run = scene.sync()
    if run.returncode != 0:
        return f"the rerun failed: {run.stderr}"
    if scene.visible() != want:
        return "the sides differ"
    if scene.staged() or scene.owes():
        return "the rerun left something behind"
    return None


def main():
    if shutil.which("strace") is None or subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null",
             "true"], check=False, stderr=subprocess.DEVNULL).returncode:
        print("skipped: no strace here")
        return SKIPPED
    bad = 0
    with tempfile.TemporaryDirectory(prefix="coldsync-ahead-") as home:
        scene = Scene(home)
        for case in CASES:
            why = attempt(scene, case)
            bad += why is not None
            print(*case, "ok" if why is None else why, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
