"""Small worlds to break things in: two trees, a state, and who looks at them.

A world is a private directory with a local folder, a cloud folder, a state
directory and a place outside that nobody may touch. Its trees can be looked at
as values and compared; its snapshots can be read without asking the program.
"""

import io
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass

import served

LOCAL, CLOUD = "local", "cloud"
SIDES = (LOCAL, CLOUD)

# What a run inherits; everything else is set here.
INHERITED = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE",
             "GCOV_PREFIX")

OUR_PREFIX = b"~coldsync-"
COPY_STAMP = re.compile(rb"\.conflict-\d{8}-\d{6}-")


@dataclass(frozen=True)
class Seen:
    """What lies under one name."""
    type: str       # "file", "dir", "link", "other"
    content: bytes  # of a file; the target of a link
    mode: int
    mtime: int      # nanoseconds; 0 for directories, which do not count


def look(path):
    """One name as a value; None where there is nothing."""
    try:
        st = os.lstat(path)
    except FileNotFoundError:
        return None
    mode = stat.S_IMODE(st.st_mode)
    if stat.S_ISREG(st.st_mode):
        return Seen("file", read(path, st.st_size), mode, st.st_mtime_ns)
    if stat.S_ISLNK(st.st_mode):
        return Seen("link", os.readlink(path), 0, st.st_mtime_ns)
    if stat.S_ISDIR(st.st_mode):
        return Seen("dir", b"", mode, 0)
    return Seen("other", b"", mode, 0)


def read(path, size):
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, size) if size else b""
    finally:
        os.close(fd)


def tree(root, unless=()):
    """All below *root*, but not what lies in *unless*: path -> Seen, paths as
    bytes below."""
    found = {}
    root = os.fsencode(root) + b"/"
    stack = [b""]
    while stack:
        below = stack.pop()
        try:
            names = os.listdir(root + below)
        except FileNotFoundError:
            continue
        for name in names:
            path = below + name
            if path in unless:
                continue
            seen = look(root + path)
            if seen is None:
                continue
            found[path] = seen
            if seen.type == "dir":
                stack.append(path + b"/")
    return found


def mirrored(found):
    """A tree without what is ours and not the user's."""
    return {path: seen for path, seen in found.items()
            if path.split(b"/")[0] != b".coldsync"}


def contents(found):
    """Every content in a tree, as a set."""
    return {(seen.type, seen.content) for seen in found.values()
            if seen.type in ("file", "link")}


def timeless(found):
    """A tree whose conflict copies no longer say when they were made."""
    return {COPY_STAMP.sub(b".conflict-WHEN-", path): seen
            for path, seen in found.items()}


def differences(expected, got, mtimes=True):
    """What tells two trees apart, in lines; empty when nothing does."""
    lines = []
    for path in sorted(set(expected) | set(got)):
        a, b = expected.get(path), got.get(path)
        if a is not None and b is not None and not mtimes:
            a = Seen(a.type, a.content, a.mode, 0)
            b = Seen(b.type, b.content, b.mode, 0)
        if a != b:
            lines.append(f"{path!r}: expected {brief(a)}, got {brief(b)}")
    return lines


def brief(seen):
    if seen is None:
        return "nothing"
    content = seen.content
    if len(content) > 40:
        content = content[:40] + b"..."
    return f"{seen.type} {content!r} {seen.mode:o} {seen.mtime}"


# ---- where worlds are ----

def quick_place():
    """A directory in memory where there is one: nothing here waits for a
    disk, but for the order of things."""
    for place in ("/dev/shm", tempfile.gettempdir()):
        if os.access(place, os.W_OK):
            return place
    return tempfile.gettempdir()


def other_place():
    """A directory on another file system than quick_place; None: none."""
    here = os.stat(quick_place()).st_dev
    for place in (tempfile.gettempdir(), "/var/tmp", os.getcwd()):
        if os.access(place, os.W_OK) and os.stat(place).st_dev != here:
            return place
    return None


class Run:
    """A run of the program that has ended, or was ended."""

    def __init__(self, args, code, out, err, listed=""):
        self.args, self.code = args, code
        self.out, self.err = out, err
        self.listed = listed  # the calls it made, those asked for

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"coldsync {' '.join(map(str, self.args))}: exit {self.code}\n"
                f"{self.err.decode(errors='replace')}")


def sabotaged():
    """What goes before a command where it is not served."""
    library = served.saboteur()
    return ["env", f"LD_PRELOAD={library}"] if library else []


def run_program(command, env, cwd, before=(), timeout=60):
    """Run to the end, served where that can be."""
    faulty = bool(before) and isinstance(before[0], served.Fault)
    if served.library() is None or (before and not faulty):
        done = subprocess.run(
            [*before, *sabotaged(), *command], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=timeout, check=False)
        return Run(command, done.returncode, done.stdout, done.stderr)
    server = served.SERVERS.of(command[0], quick_place())
    server.start(command, env, cwd, before)
    code = server.wait(timeout)
    return Run(command, code, *server.said(), server.listed())


# Which of a world's three parts lie on the other file system.
LAYOUTS = {"one": (), "state": ("state",), "cloud": ("cloud",),
           "local": ("local",)}


class World:
    """Two trees, a state and a config; a context manager."""

    def __init__(self, config="", layout="one", machine="m1", home=None,
                 cloud=None, verify="off"):
        self.home = home or tempfile.mkdtemp(prefix="coldsync-",
                                             dir=quick_place())
        self.homes = [self.home]
        self.machine = machine
        far = None
        if LAYOUTS[layout]:
            far = tempfile.mkdtemp(prefix="coldsync-", dir=other_place())
            self.homes.append(far)
        for part in ("local", "cloud", "state"):
            base = far if part in LAYOUTS[layout] else self.home
            setattr(self, part, os.path.join(base, part))
        if cloud is not None:
            self.cloud = cloud
        os.makedirs(self.local, exist_ok=True)
        os.makedirs(self.cloud, exist_ok=True)
        self.config = os.path.join(self.home, "test.ini")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(
                f"[identity]\nmachine_id = {machine}\n"
                f"[paths]\nlocal_state_dir = {self.local}\n"
                f"cloud_root_dir = {self.cloud}\n"
                f"state_dir = {self.state}\n"
                # The other machine is played by writing into the cloud
                # folder, which nobody has published.
                f"[cloud]\nverify = {verify}\n"
                "[process_detection]\nmatch_open_files = no\n" + config)
        self.program = os.environ["COLDSYNC"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for home in self.homes:
            shutil.rmtree(home, onerror=make_removable)

    def root(self, side):
        return self.local if side == LOCAL else self.cloud

    # -- running --

    def environment(self, traced=False):
        env = {name: os.environ[name] for name in INHERITED
               if name in os.environ}
        env.update({"HOME": self.home, "LC_ALL": "C.UTF-8", "USER": "tester",
                    "COLDSYNC_CONFIG_DIR": self.home,
                    "XDG_CONFIG_HOME": os.path.join(self.home, "xdg-config"),
                    "XDG_STATE_HOME": os.path.join(self.home, "xdg-state")})
        if served.saboteur():
            env["SABOTAGE"] = os.environ["SABOTAGE"]
        if traced:  # looking for leaks needs the tracer's place
            env["ASAN_OPTIONS"] = ":".join(
                (env.get("ASAN_OPTIONS", ""), "detect_leaks=0"))
        return env

    def command(self, *args):
        return [self.program, "-c", self.config, "--json", "--threads", "1",
                *args]

    def run(self, *args, before=(), timeout=60):
        """Run to the end; *before* is what goes in front of the command
        (strace), or the faults it meets."""
        run = run_program(self.command(*args), self.environment(bool(before)),
                          self.home, before, timeout)
        run.args = args
        return run

    def start(self, *args, faults=()):
        """Begin a run that may meet faults; its server."""
        server = served.SERVERS.of(self.program, quick_place())
        server.start(self.command(*args), self.environment(bool(faults)),
                     self.home, faults)
        return server

    def sync(self, *args, before=()):
        return self.run("sync", "--apply", *args, before=before)

    def plan(self, *args):
        return self.run("plan", *args)

    # -- looking --

    def glance(self, unless=()):
        """Everything at this moment, looked at once; of the state, nothing
        below *unless*."""
        return Glance(self, unless)

    def trees(self):
        """Both trees, without .coldsync."""
        return {side: mirrored(tree(self.root(side))) for side in SIDES}

    def backups(self):
        return os.path.join(self.state, "backups")

    def holdings(self):
        return self.glance().holdings()

    def litter(self):
        return self.glance().litter()


class Glance:
    """A world at one moment: what lies in its three parts."""

    def __init__(self, world, unless):
        self.parts = {LOCAL: tree(world.local), CLOUD: tree(world.cloud),
                      "state": tree(world.state, unless)}
        self.trees = {side: mirrored(self.parts[side]) for side in SIDES}

    def kept(self):
        """Every content any snapshot holds, whole ones or not."""
        found = set()
        for path, seen in self.parts["state"].items():
            if not path.startswith(b"backups/"):
                continue
            if path.endswith(b".zip"):
                found |= zip_contents(io.BytesIO(seen.content))
            elif seen.type in ("file", "link"):
                found.add((seen.type, seen.content))
                if self.stands_for_link(path):
                    found.add(("link", seen.content))
        return found

    def stands_for_link(self, path):
        """Where a file system has no links, a file says what one said; its
        snapshot's manifest, once there is one, knows that."""
        _, snapshot, *below = path.split(b"/")
        manifest = self.parts["state"].get(
            b"backups/" + snapshot + b"/manifest.json")
        if manifest is None:
            return snapshot.endswith(b".partial")
        return below_side(os.fsdecode(b"/".join(below))) in link_names(
            manifest.content)

    def holdings(self):
        """Every content there is: in a tree, kept, or, while a run is not
        finished, in quarantine."""
        waiting = {path: seen for path, seen in self.parts["state"].items()
                   if path.startswith(b"work/")}
        return (contents(self.trees[LOCAL]) | contents(self.trees[CLOUD])
                | contents(waiting) | self.kept())

    def litter(self):
        """What a run that ended may not leave, in lines."""
        return [f"litter in {part}: {path!r}"
                for part, found in self.parts.items()
                for path, seen in found.items() if is_litter(part, path, seen)]


def is_litter(part, path, seen):
    name = os.path.basename(path)
    if name.startswith(b".syncthing."):  # a cloud client's
        return False
    if name.startswith(OUR_PREFIX) or name.endswith(b".tmp"):
        return True
    if part != "state":
        return False
    parts = path.split(b"/")
    if parts[0] == b"backups":
        if len(parts) != 2:
            return False
        return name.endswith((b".partial", b".packed", b".new"))
    return (path == b"journal" or name.endswith(b".new")
            or path.startswith(b"work/")
            or (path == b"lock" and seen.content != b""))


def zip_contents(file):
    """What an archive holds, a file or its name; its manifest knows what was a
    link."""
    if isinstance(file, bytes):
        file = os.fsdecode(file)
    found = set()
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            links = set()
            if "manifest.json" in names:
                links = link_names(archive.read("manifest.json"))
            for name in names:
                kind = "link" if below_side(name) in links else "file"
                found.add((kind, archive.read(name)))
    except zipfile.BadZipFile:
        pass  # a torn one holds nothing
    return found


def below_side(name):
    """"local.1/a" is another thing kept of local's "a"."""
    side, _, below = name.partition("/")
    return side.split(".")[0] + "/" + below


def link_names(manifest):
    return {f"{entry['side']}/{entry['path']}"
            for entry in json.loads(manifest)["entries"]
            if entry.get("type") == "link"}


def make_removable(function, path, _error):
    """Some worlds take permissions away; going gives them back."""
    os.chmod(os.path.dirname(path), 0o700)
    if not os.path.islink(path):
        os.chmod(path, 0o700)
    function(path)
