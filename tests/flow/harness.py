"""What every flow test stands on: a private home and the program to run in it.

The program is named by the environment variable COLDSYNC; where
COLDSYNC_EMULATOR is set (Wine), it is run through that, and paths are handed
to it as Windows spells them. Nothing outside the private home is touched.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

EMULATOR = os.environ.get("COLDSYNC_EMULATOR", "").split()
WINDOWS = bool(EMULATOR) or os.name == "nt"
POSIX = not WINDOWS

# What a run inherits from whoever runs the tests; everything else is set here.
INHERITED = ("PATH", "SYSTEMROOT", "WINEPREFIX", "WINEDEBUG",
             "WINEDLLOVERRIDES", "ASAN_OPTIONS", "UBSAN_OPTIONS",
             "COLDSYNC_CROSS", "COLDSYNC_WINE", "LLVM_PROFILE_FILE", "GCOV_PREFIX", "TMPDIR", "TEMP")

RESULTS = {0: ("ok", "paused"), 1: ("error", "partial"), 2: ("conflict",),
           3: ("running",), 4: ("invalid",), 5: ("refused",),
           130: ("interrupted",)}


class Run:
    """One run of the program that has ended."""

    def __init__(self, args, code, out, err):
        self.args = args
        self.code = code
        self.out_bytes = out
        self.err_bytes = err
        self.out = out.decode("utf-8").replace("\r\n", "\n")
        self.err = err.decode("utf-8").replace("\r\n", "\n")

    def json(self):
        """The one document on standard output."""
        return json.loads(self.out)

    def __str__(self):
        return (f"coldsync {' '.join(map(str, self.args))}\n"
                f"exit {self.code}\nstdout:\n{self.out}stderr:\n{self.err}")


class FlowTest(unittest.TestCase):
    """A test with a home of its own, gone again when it ends."""

    maxDiff = None

    def setUp(self):
        self.home = os.path.realpath(tempfile.mkdtemp(prefix="coldsync-"))
        self.addCleanup(shutil.rmtree, self.home, onerror=make_removable)
        self.config_dir = self.make_dir("config")
        self.local = self.make_dir("local")
        self.cloud = self.make_dir("cloud")
        self.state = self.path("state")

    # -- files ---------------------------------------------------------------

    def path(self, *parts):
        """A path in the private home."""
        return os.path.join(self.home, *parts)

    def make_dir(self, *parts):
        os.makedirs(self.path(*parts), exist_ok=True)
        return self.path(*parts)

    def write(self, name, content):
        """A file below the home; returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        with open(path, "wb") as file:
            file.write(data)
        return path

    def profile(self, name="docs", extra="", verify="off"):
        """A config that pairs local and cloud; returns its path. Most tests
        play the other machine by editing the cloud folder, which to
        cloud.verify = require is work that nobody has published."""
        return self.write(f"config/{name}.ini", (
            "[identity]\n"
            "machine_id = testbox\n"
            "[paths]\n"
            f"local_state_dir = {native(self.local)}\n"
            f"cloud_root_dir = {native(self.cloud)}\n"
            f"state_dir = {native(self.path('state', name))}\n"
            f"{extra}"
            f"[cloud]\nverify = {verify}\n"))

    def listing(self):
        """Everything below the home: name -> (kind, content or target)."""
        found = {}
        for top, dirs, files in os.walk(self.home):
            for name in dirs:
                full = os.path.join(top, name)
                found[os.path.relpath(full, self.home)] = ("dir", None)
            for name in files:
                full = os.path.join(top, name)
                with open(full, "rb") as file:
                    found[os.path.relpath(full, self.home)] = (
                        "file", file.read())
        return found

    # -- running -------------------------------------------------------------

    def environment(self, changes=None):
        env = {name: os.environ[name] for name in INHERITED
               if name in os.environ}
        env.update({
            "HOME": self.home,
            "LC_ALL": "C.UTF-8",
            "USER": "tester",
            "PAGER": "cat",
            "COLDSYNC_CONFIG_DIR": native(self.config_dir),
            "XDG_CONFIG_HOME": self.path("xdg-config"),
            "XDG_STATE_HOME": self.path("xdg-state"),
        })
        for name, value in (changes or {}).items():
            if value is None:
                env.pop(name, None)
            else:
                env[name] = value
        return env

    def command(self, *args):
        return [*EMULATOR, os.environ["COLDSYNC"], *args]

    def coldsync(self, *args, env=None, cwd=None, stdin=b""):
        """Run it and return what it said and how it ended."""
        done = subprocess.run(
            self.command(*args), env=self.environment(env),
            cwd=cwd or self.home, input=stdin, capture_output=True,
            timeout=60, check=False)
        return Run(args, done.returncode, done.stdout, done.stderr)

    def expect(self, code, *args, **options):
        """Run it and hold it to what is promised of every run."""
        run = self.coldsync(*args, **options)
        self.assertEqual(run.code, code, str(run))
        if code != 0:
            self.assert_explained(run)
        options_end = args.index("--") if "--" in args else len(args)
        if "--json" in args[:options_end]:
            self.assert_envelope(run)
        return run

    def assert_explained(self, run):
        """One line says why, one what to do, both on standard error."""
        lines = run.err.splitlines()
        for start in ("coldsync: ", "hint: "):
            told = [line for line in lines if line.startswith(start)]
            self.assertEqual(len(told), 1, str(run))
            self.assertGreater(len(told[0]), len(start), str(run))

    def assert_envelope(self, run):
        """Standard output is one document in the agreed envelope."""
        self.assertEqual(run.out.count("\n"), 1, str(run))
        document = run.json()
        self.assertEqual(
            list(document)[:7],
            ["schema", "command", "profile", "machine", "exit_code",
             "result", "message"], str(run))
        self.assertEqual(document["schema"], 1)
        self.assertEqual(document["exit_code"], run.code)
        self.assertIn(document["result"], RESULTS[run.code])
        self.assertIsInstance(document["message"], str)
        self.assertNotEqual(document["message"], "")


def is_sanitized():
    """Is the program one that a sanitizer watches? It takes more of
    everything, and all the addresses."""
    with open(os.environ["COLDSYNC"], "rb") as file:
        program = file.read()
    return any(name in program
               for name in (b"__asan_init", b"__tsan_init", b"__msan_init"))


def native(path):
    """A path as the program under test spells it."""
    if EMULATOR:
        return "Z:" + path.replace("/", "\\")
    return path


def shown(path):
    """A path as the program tells it when it has worked it out itself."""
    return native(path).replace("\\", "/")


def make_removable(function, path, _error):
    """Some tests take permissions away; cleaning up gives them back."""
    os.chmod(os.path.dirname(path), 0o700)
    os.chmod(path, 0o700)
    function(path)


def names_of(suite):
    """The tests in it, as they are named on the command line."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from names_of(test)
        else:
            yield test.id().removeprefix("__main__.")


def run_at_once(parts):
    """Deal the tests of the program out to so many processes of it; what they
    said is shown one after the other."""
    names = list(names_of(unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"])))
    running = []
    for part in range(parts):
        said = tempfile.TemporaryFile()
        running.append((said, subprocess.Popen(
            [sys.executable, "-B", sys.argv[0], *names[part::parts]],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said)))
    failed = 0
    for said, child in running:
        failed |= child.wait()
        said.seek(0)
        sys.stderr.write(said.read().decode("utf-8", "replace"))
        said.close()
    return failed


def main(at_once=1):
    """Run the tests of the calling program. Those that mostly wait for
    something run several *at once*."""
    if "COLDSYNC" not in os.environ:
        sys.exit("COLDSYNC must name the program to test")
    if at_once > 1 and len(sys.argv) == 1:
        sys.exit(run_at_once(at_once))
    unittest.main(verbosity=2)
