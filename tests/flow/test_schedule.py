"""schedule: what each scheduler is told, and what is made of what it has."""

import json
import os
import plistlib
import re
import shlex
import shutil
import stat
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from harness import EMULATOR, POSIX, WINDOWS, FlowTest, main

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
HOSTILE = "a b%h$HOME\\\\\"q'x\\n;&<ü>#*"

# Each program answers from files in $STUB, and leaves word of how it was
# called.
STUBS = {
    "systemctl": """
[ ! -e "$STUB/broken" ] || { echo 'Failed to connect to bus'; exit 1; }
case "$*" in
*show-environment*) [ -e "$STUB/systemd" ] ;;
*daemon-reload*) ;;
*is-enabled*|*is-active*) [ -e "$STUB/up" ] ;;
*enable*) : >"$STUB/up" ;;
*disable*) rm -f "$STUB/up" ;;
esac
""",
    "crontab": """
if [ "$1" = -l ]; then
	[ ! -e "$STUB/chatty" ] || echo 'crontab: the clock is odd' >&2
	[ ! -e "$STUB/locked" ] || { echo 'tab: Permission denied' >&2; exit 1; }
	[ -e "$STUB/tab" ] || { echo 'no crontab for tester' >&2; exit 1; }
	cat "$STUB/tab"
else
	cp "$1" "$STUB/tab"
fi
""",
    "launchctl": """
case "$1" in
list) [ -e "$STUB/loaded-$2" ] ;;
load) name=$(basename "$3" .plist); [ -e "$3" ] && : >"$STUB/loaded-$name" ;;
unload) rm "$STUB/loaded-$(basename "$3" .plist)" ;;
esac
""",
    "schtasks": """
name=$(printf %s "$3" | tr '\\\\' '!')
case "$1" in
/Query) [ -e "$STUB/task-$name" ] || { echo ERROR; exit 1; }
	cat "$STUB/task-$name" ;;
/Create) python3 -c 'import sys; d = open(sys.argv[1], "rb").read()
assert d[:2] == b"\\xff\\xfe"
open(sys.argv[2], "w").write(d.decode("utf-16"))' "$5" "$STUB/task-$name" ;;
/Delete) rm "$STUB/task-$name" ;;
esac
""",
}
KINDS = ("systemd", "cron", "launchd", "task")


class ScheduleTest(FlowTest):
    def setUp(self):
        super().setUp()
        self.profile()
        self.stub = self.make_dir("stub")
        self.write("stub/systemd", "")
        for name, text in STUBS.items():
            path = self.write(
                f"bin/{name}", "#!/bin/sh\n"
                f"printf '%s\\n' \"{name} $*\" >>\"$STUB/calls\"\n{text}")
            os.chmod(path, 0o755)

    def environment(self, changes=None):
        env = super().environment({
            "PATH": self.path("bin") + ":" + os.environ["PATH"],
            "STUB": self.stub, "XDG_STATE_HOME": None, **(changes or {})})
        return env

    def schedule(self, code, *args, **how):
        return self.expect(code, "schedule", *args, **how)

    def calls(self):
        path = self.path("stub/calls")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()

    def texts(self, kind, *args, profile=None):
        """What --print shows, by JSON: file name -> text."""
        head = [] if profile is None else ["-p", profile]
        document = self.schedule(
            0, "install", "--print", "--using", kind, *args, *head,
            "--json").json()
        return {text["file"]: text["text"] for text in document["texts"]}

    def text(self, kind, *args, profile=None):
        return list(self.texts(kind, *args, profile=profile).values())[0]

    def hostile(self):
        """A profile whose name is as bad as a file's name can be."""
        name = HOSTILE if POSIX else "a b%h$HOME"
        self.profile(name)
        return name, self.path("config", name + ".ini")

    def want(self, config, *mode):
        return [os.environ["COLDSYNC"], "-q", "-c", config, "sync", *mode]


def unquote_systemd(line):
    """The words of an ExecStart, by the rules of systemd.syntax(7); "$$" is
    one "$" but in the path of the program itself."""
    words = []
    for quoted in re.findall(r'"((?:[^"\\]|\\.)*)"', line):
        word = re.sub(r"\\(.)", r"\1", quoted)
        # One that is left over would be a specifier, or a variable.
        assert "%" not in word.replace("%%", ""), word
        assert not words or "$" not in word.replace("$$", ""), word
        words.append(word.replace("%%", "%"))
    return words[:1] + [word.replace("$$", "$") for word in words[1:]]


def split_windows(line):
    """As a Windows program takes its command line apart."""
    words = []
    at = 0
    while at < len(line):
        if line[at] == " ":
            at += 1
            continue
        word = ""
        quoted = False
        while at < len(line) and (quoted or line[at] != " "):
            slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
            at += slashes
            if at < len(line) and line[at] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    quoted = not quoted
                at += 1
            else:
                word += "\\" * slashes
                if slashes == 0:
                    word += line[at]
                    at += 1
        words.append(word)
    return words


@unittest.skipUnless(POSIX, "stubs are shell scripts")
class Texts(ScheduleTest):
    def test_systemd_says_what_is_meant(self):
        name, config = self.hostile()
        texts = self.texts("systemd", profile=name)
        service, timer = texts.values()
        line = re.search(r"^ExecStart=(.*)$", service, re.M).group(1)
        self.assertEqual(
            unquote_systemd(line), self.want(config, "--dry-run", "--log"))
        self.assertNotIn("%h", service.replace("%%", ""))
        self.assertIn("OnUnitInactiveSec=900", timer)
        for file in texts:
            self.assertRegex(file, r"\Acoldsync-[A-Za-z0-9._-]+\.\w+\Z")

    def test_systemd_takes_it(self):
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            self.skipTest("needs systemd-analyze")
        name, _config = self.hostile()
        for place, *args in (
                ("a b%h$HOME", "--every", "2h"),
                ("a b%h$HOME", "--daily", "07:30"),
                ("odd%h$HOME\"q'x\\n", "--on-login"),
                ("odd%h$HOME\"q'x\\n", "--mode", "apply")):
            program = os.path.join(self.make_dir(place), "coldsync")
            shutil.copy(os.environ["COLDSYNC"], program)
            run = subprocess.run(
                [program, "-p", name, "schedule", "install", "--print",
                 "--using", "systemd", "--json", *args],
                env=self.environment(), capture_output=True, check=True)
            paths = []
            for text in json.loads(run.stdout)["texts"]:
                paths.append(self.write(
                    "units/" + text["file"], text["text"]))
            done = subprocess.run(
                [analyze, "verify", "--user", "--man=no", *paths],
                env=self.environment({"XDG_RUNTIME_DIR": self.home}),
                capture_output=True, text=True, check=False)
            ours = [line for line in done.stderr.splitlines()
                    if "coldsync-" in line]
            self.assertEqual(ours, [], done.stderr)
            self.assertEqual(done.returncode, 0, done.stderr)
            # And what it says works.
            with open(paths[0], encoding="utf-8") as file:
                line = re.search(r"^ExecStart=(.*)$", file.read(), re.M)
            subprocess.run(unquote_systemd(line.group(1)), check=True,
                           env=self.environment())
        # It does look: what is wrong would be told.
        broken = self.write("units/broken.service",
                            "[Service]\nExecStart=/no/such/program\n")
        done = subprocess.run(
            [analyze, "verify", "--user", "--man=no", broken],
            env=self.environment({"XDG_RUNTIME_DIR": self.home}),
            capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0)

    def test_cron_says_what_is_meant(self):
        name, config = self.hostile()
        _seal, line = self.text("cron", profile=name).splitlines()
        self.assertTrue(line.startswith("*/15 * * * * "))
        self.assertIsNone(re.search(r"(?<!\\)%", line))
        # As cron hands it to the shell; a stand-in tells what it was given.
        command = line[len("*/15 * * * * "):].replace("\\%", "%")
        self.assertIn(os.environ["COLDSYNC"], command)
        teller = self.write("teller", (
            "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit $CODE\n"))
        os.chmod(teller, 0o755)
        command = command.replace(os.environ["COLDSYNC"], teller)
        for code, loud in ((0, False), (3, False), (2, True), (5, True)):
            done = subprocess.run(
                ["sh", "-c", command], capture_output=True, text=True,
                env={"CODE": str(code), "PATH": "/usr/bin:/bin"},
                check=False)
            self.assertEqual(done.stderr, "")
            if loud:
                self.assertEqual(
                    done.stdout.splitlines(),
                    self.want(config, "--dry-run", "--log")[1:])
                self.assertEqual(done.returncode, code)
            else:
                self.assertEqual((done.stdout, done.returncode), ("", 0))

    def test_cron_takes_it(self):
        crontab = shutil.which("crontab")
        if crontab is None or "-n" not in subprocess.run(
                [crontab, "-?"], capture_output=True, text=True,
                check=False).stderr:
            self.skipTest("needs a crontab that checks syntax")
        for args in (["--every", "15m"], ["--every", "6h"], ["--every", "1d"],
                     ["--daily", "00:00"], ["--on-login"]):
            path = self.write("tab", self.text("cron", *args))
            done = subprocess.run([crontab, "-n", path], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_cron_does_not_know_all_times(self):
        for every in ("7m", "90m", "5h", "2d"):
            self.schedule(4, "install", "--print", "--using", "cron",
                          "--every", every)

    def test_launchd_says_what_is_meant(self):
        name, config = self.hostile()
        for args, key, value in (
                (["--every", "90m"], "StartInterval", 5400),
                (["--daily", "07:30"], "StartCalendarInterval",
                 {"Hour": 7, "Minute": 30}),
                (["--on-login"], "RunAtLoad", True)):
            text = self.text("launchd", *args, profile=name)
            found = plistlib.loads(text.encode())
            self.assertEqual(found["ProgramArguments"],
                             self.want(config, "--dry-run", "--log"))
            self.assertEqual(found[key], value)
            self.assertEqual(
                set(found), {"Label", "ProgramArguments", key, "ProcessType"})
            self.assertRegex(found["Label"], r"\A[A-Za-z0-9._-]+\Z")
            self.assertEqual(
                list(self.texts("launchd", *args, profile=name)),
                [found["Label"] + ".plist"])

    def test_a_windows_task_says_what_is_meant(self):
        name, config = self.hostile()
        user = {"USERDOMAIN": "HALL & <CO>", "USERNAME": "ada"}
        for args, trigger, order in (
                (["--every", "90m"], "TimeTrigger",
                 ["Enabled", "StartBoundary", "Repetition"]),
                (["--daily", "07:30"], "CalendarTrigger",
                 ["Enabled", "StartBoundary", "ScheduleByDay"]),
                (["--on-login"], "LogonTrigger", ["Enabled", "UserId"])):
            run = self.schedule(
                0, "install", "--print", "--using", "task", "--json",
                *args, "-p", name, env=user)
            task = ElementTree.fromstring(run.json()["texts"][0]["text"])
            self.assertEqual(task.get("version"), "1.2")
            # The published schema is strict about the order in triggers.
            (found,) = task.find(TASK + "Triggers")
            self.assertEqual(found.tag, TASK + trigger)
            self.assertEqual([part.tag for part in found],
                             [TASK + part for part in order])
            self.assertEqual(
                [part.tag for part in task],
                [TASK + part for part in (
                    "RegistrationInfo", "Triggers", "Principals", "Settings",
                    "Actions")])
            principal = task.find(f".//{TASK}Principal")
            self.assertEqual(
                principal.find(TASK + "UserId").text, "HALL & <CO>\\ada")
            self.assertEqual(
                principal.find(TASK + "RunLevel").text, "LeastPrivilege")
            settings = {part.tag[len(TASK):]: part.text
                        for part in task.find(TASK + "Settings")}
            self.assertEqual(settings["MultipleInstancesPolicy"], "IgnoreNew")
            self.assertEqual(settings["DisallowStartIfOnBatteries"], "false")
            action = task.find(f".//{TASK}Exec")
            self.assertEqual(
                action.find(TASK + "Command").text.replace("\\", "/"),
                os.environ["COLDSYNC"])
            self.assertEqual(
                split_windows(action.find(TASK + "Arguments").text),
                self.want(config, "--dry-run", "--log")[1:])
        interval = ElementTree.fromstring(
            self.text("task", "--every", "90m", profile=name)).find(f".//{TASK}Interval")
        self.assertEqual(interval.text, "PT90M")

    def test_where_the_state_is_goes_along(self):
        run = self.schedule(0, "install", "--print", "--using", "launchd",
                            env={"XDG_STATE_HOME": self.path("st")})
        args = plistlib.loads(run.out.encode())["ProgramArguments"]
        self.assertEqual(
            args[4:6],
            ["--set", "paths.state_dir=" + self.path("state/docs")])

    def test_printing_installs_nothing(self):
        before = self.listing()
        for kind in KINDS:
            run = self.schedule(0, "install", "--print", "--using", kind)
            self.assertIn("coldsync-schedule 1 every 900 dry-run", run.out)
        self.assertEqual(self.listing(), before)
        self.assertEqual(self.calls(), [])

    def test_what_no_scheduler_can_be_told(self):
        config = self.path("config/docs.ini")
        odd = self.write("line\nbreak/docs.ini", "")
        shutil.copy(config, odd)
        for kind in KINDS:
            run = self.schedule(1, "install", "--print", "--using", kind,
                                "-c", odd)
            self.assertIn("config", run.err)
            self.assertEqual(self.calls(), [])


@unittest.skipUnless(WINDOWS, "for Windows")
class WithoutAConsole(FlowTest):
    def test_the_task_starts_the_twin(self):
        self.profile()
        twin = os.environ["COLDSYNC"].replace("coldsync.exe", "coldsyncw.exe")
        with open(twin, "rb") as file:
            program = file.read(4096)
        header = int.from_bytes(program[0x3c:0x40], "little")
        subsystem = int.from_bytes(
            program[header + 0x5c:header + 0x5e], "little")
        self.assertEqual(subsystem, 2)
        run = self.expect(0, "schedule", "install", "--print", "--json",
                          "--using", "task")
        task = ElementTree.fromstring(run.json()["texts"][0]["text"])
        self.assertTrue(task.find(f".//{TASK}Command").text.endswith(
            "\\coldsyncw.exe"))
        # And it works without any stream.
        self.write("local/a", "one")
        words = split_windows(task.find(f".//{TASK}Arguments").text)
        done = subprocess.run(
            [*EMULATOR, twin, *words[:-2], "--apply"],
            env=self.environment(), stdin=subprocess.DEVNULL,
            timeout=60, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("a", os.listdir(self.cloud))


@unittest.skipUnless(POSIX, "stubs are shell scripts")
class Scripts(ScheduleTest):
    """The templates, with the real program and schedulers that are stubs."""

    top = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "..", "scripts", "scheduler")

    def setUp(self):
        super().setUp()
        shutil.copytree(self.top, self.path("scheduler"))

    def run_script(self, code, name, *args, cwd=None):
        done = subprocess.run(
            [self.path("scheduler", name), *args], capture_output=True,
            text=True, cwd=cwd or self.home, timeout=60, check=False,
            env=self.environment({"PATH": ":".join((
                self.path("bin"), os.path.dirname(os.environ["COLDSYNC"]),
                os.environ["PATH"]))}))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def edit(self, name, old, new):
        path = self.path("scheduler", name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def found(self, kind):
        return self.expect(0, "-p", "docs", "schedule", "status", "--using",
                           kind, "--json").json()

    def test_dry_run_until_told_otherwise(self):
        self.write("local/a", "one")
        for kind, install, config, remove in (
                ("systemd", "linux/install-timer.sh", "linux/timer.config.sh",
                 "linux/remove-timer.sh"),
                ("launchd", "macos/install-launchd.sh",
                 "macos/launchd.config.sh", "macos/uninstall-launchd.sh")):
            with self.subTest(kind=kind):
                said = self.run_script(0, install)
                self.assertIn("1 file", said)
                self.assertEqual(os.listdir(self.cloud), [])
                self.assertEqual(self.found(kind)["mode"], "dry-run")
                self.edit(config, 'MODE="dry-run"', 'MODE="apply"')
                self.edit(config, "--every 15m", "--daily 07:30")
                self.run_script(0, install)
                document = self.found(kind)
                self.assertEqual(document["mode"], "apply")
                self.assertEqual(document["when"], "daily at 07:30")
                self.run_script(0, remove)
                self.assertEqual(self.found(kind)["state"], "none")

    def test_a_config_of_ones_own(self):
        self.profile("games")
        self.edit("linux/timer.config.sh", 'PROFILE=""', 'PROFILE="games"')
        self.edit("linux/timer.config.sh", 'SCHEDULER=""', 'SCHEDULER="cron"')
        os.rename(self.path("scheduler/linux/timer.config.sh"),
                  self.path("games.sh"))
        self.run_script(0, "linux/install-timer.sh", "games.sh")
        with open(self.path("stub/tab"), encoding="utf-8") as file:
            self.assertIn("games.ini", file.read())
        self.run_script(0, "linux/remove-timer.sh", "games.sh")

    def test_nothing_is_installed_where_a_sync_would_fail(self):
        self.edit("linux/timer.config.sh", 'MODE="dry-run"', 'MODE="maybe"')
        self.assertIn("maybe", self.run_script(1, "linux/install-timer.sh"))
        self.edit("linux/timer.config.sh", 'MODE="maybe"', 'MODE="apply"')
        os.rmdir(self.cloud)
        self.assertIn("nothing was installed",
                      self.run_script(1, "linux/install-timer.sh"))
        self.assertFalse(os.path.exists(self.path("xdg-config")))

    def test_run_as_an_agent(self):
        self.write("bin/launchctl", """#!/bin/sh
case $1 in
submit) shift 4; "$@" >/dev/null 2>&1 & echo $! >"$STUB/job" ;;
remove) kill "$(cat "$STUB/job")"; rm "$STUB/job" ;;
esac
""")
        said = self.run_script(0, "macos/run-coldsync.sh", "version")
        self.assertIn("coldsync", said)
        self.assertFalse(os.path.exists(self.path("stub/job")))
        self.run_script(4, "macos/run-coldsync.sh", "no-such-command")

    def test_shells_agree(self):
        shellcheck = shutil.which("shellcheck")
        if shellcheck is None:
            self.skipTest("needs shellcheck")
        root = os.path.join(self.top, "..", "..")
        done = subprocess.run(
            [shellcheck, "-x", *sorted(
                os.path.relpath(os.path.join(top, name), root)
                for top, _dirs, names in os.walk(self.top)
                for name in names if name.endswith(".sh"))],
            cwd=root, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_all_are_there_and_begin_dry(self):
        for folder, names in (
                ("linux", ["install-timer.sh", "remove-timer.sh",
                           "timer.config.sh"]),
                ("macos", ["install-launchd.sh", "launchd.config.sh",
                           "run-coldsync.sh", "uninstall-launchd.sh"]),
                ("windows", ["install-task.ps1", "remove-task.ps1",
                             "task.config.ps1"])):
            found = sorted(os.listdir(self.path("scheduler", folder)))
            self.assertEqual(found, sorted(["README.md", *names]))
            (config,) = [name for name in names if "config" in name]
            with open(self.path("scheduler", folder, config),
                      encoding="ascii") as file:
                self.assertRegex(
                    file.read(), r'(?m)^\$?M(ODE|ode) ?= ?"dry-run"$')
        help_text = self.expect(0, "schedule", "--help").out
        for name in ("install-task.ps1", "remove-task.ps1",
                     "task.config.ps1"):
            with open(self.path("scheduler/windows", name),
                      encoding="ascii") as file:
                text = file.read()
            for left, right in ("{}", "()", "[]"):
                self.assertEqual(text.count(left), text.count(right))
            for option in re.findall(r"[ \"](--[a-z-]+)", text):
                if option != "--dry-run":
                    self.assertIn(option, help_text)


@unittest.skipUnless(POSIX, "stubs are shell scripts")
class Jobs(ScheduleTest):
    def unit(self, kind):
        return {
            "systemd": self.path(
                "xdg-config/systemd/user/coldsync-docs.service"),
            "cron": self.path("stub/tab"),
            "launchd": self.path("Library/LaunchAgents/coldsync-docs.plist"),
            "task": self.path("stub/task-coldsync!coldsync-docs"),
        }[kind]

    def found(self, code, kind, **how):
        return self.schedule(
            code, "status", "--using", kind, "--json", **how).json()["state"]

    def test_there_and_away(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.assertEqual(self.found(0, kind), "none")
                run = self.schedule(0, "install", "--using", kind)
                self.assertIn("makes a dry run every 15 min", run.out)
                self.assertIn("--mode apply", run.out)
                self.assertTrue(os.path.exists(self.unit(kind)))
                self.assertEqual(self.found(0, kind), "well")
                run = self.schedule(0, "install", "--using", kind, "--daily",
                                    "07:30", "--mode", "apply")
                document = self.schedule(
                    0, "status", "--using", kind, "--json").json()
                self.assertEqual(document["when"], "daily at 07:30")
                self.assertEqual(document["mode"], "apply")
                self.assertEqual(document["state"], "well")
                self.schedule(0, "remove", "--using", kind)
                self.assertEqual(self.found(0, kind), "none")
                run = self.schedule(0, "remove", "--using", kind)
                self.assertIn("was not scheduled", run.out)
        left = [name for name in self.listing()
                if "coldsync-docs" in name or "crontab.new" in name
                or "task.xml" in name]
        self.assertEqual(left, [])

    def test_a_profile_with_a_hostile_name(self):
        name, _config = self.hostile()
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.schedule(0, "-p", name, "install", "--using", kind)
                run = self.schedule(
                    0, "-p", name, "status", "--using", kind, "--json")
                self.assertEqual(run.json()["state"], "well")
                self.assertEqual(self.state_of_docs(kind), "none")
                self.schedule(0, "-p", name, "remove", "--using", kind)

    def state_of_docs(self, kind):
        return self.schedule(0, "-p", "docs", "status", "--using", kind,
                             "--json").json()["state"]

    def test_by_itself_it_takes_what_there_is(self):
        self.schedule(0, "install")
        self.assertTrue(os.path.exists(self.unit("systemd")))
        self.assertIn(
            "systemctl --user --quiet enable coldsync-docs.timer",
            self.calls())
        self.schedule(0, "remove")
        os.unlink(self.path("stub/systemd"))
        self.schedule(0, "install")
        self.assertTrue(os.path.exists(self.unit("cron")))
        self.assertIn("crontab", self.schedule(0, "status").out)

    def test_neither_systemd_nor_cron(self):
        os.unlink(self.path("stub/systemd"))
        os.unlink(self.path("bin/crontab"))
        run = self.schedule(1, "install", env={
            "PATH": self.path("bin") + ":" + self.make_dir("none")})
        self.assertIn("neither", run.err)
        self.assertIn("coldsync watch", run.err)

    def test_another_of_the_crontab_stays(self):
        other = "# mine\nMAILTO=a\n0 3 * * * /bin/backup \\%d\n"
        self.write("stub/tab", other.rstrip("\n"))
        self.schedule(0, "install", "--using", "cron")
        self.profile("games")
        self.schedule(0, "-p", "games", "install", "--using", "cron")
        self.schedule(0, "-p", "docs", "install", "--using", "cron",
                      "--every", "1h")
        with open(self.path("stub/tab"), encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith(other))
        self.assertEqual(text.count("coldsync-schedule"), 2)
        self.schedule(0, "-p", "docs", "remove", "--using", "cron")
        self.schedule(0, "-p", "games", "remove", "--using", "cron")
        with open(self.path("stub/tab"), encoding="utf-8") as file:
            self.assertEqual(file.read(), other)

    def test_a_crontab_that_cannot_be_read_stays(self):
        self.write("stub/tab", "0 3 * * * /bin/backup\n")
        self.write("stub/locked", "")
        for command in ("install", "remove"):
            run = self.schedule(1, command, "--using", "cron")
            self.assertIn("read the crontab", run.err)
            self.assertIn("Permission denied", run.err)
        with open(self.path("stub/tab"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "0 3 * * * /bin/backup\n")

    def test_what_crontab_warns_of_is_no_line_of_it(self):
        self.write("stub/tab", "0 3 * * * /bin/backup\n")
        self.write("stub/chatty", "")
        self.schedule(0, "install", "--using", "cron")
        with open(self.path("stub/tab"), encoding="utf-8") as file:
            self.assertNotIn("clock", file.read())

    def test_a_moved_program(self):
        program = self.path("old", "coldsync")
        self.make_dir("old")
        shutil.copy(os.environ["COLDSYNC"], program)
        for kind in KINDS:
            with self.subTest(kind=kind):
                if not os.path.exists(program):
                    os.rename(program + ".moved", program)
                subprocess.run(
                    [program, "schedule", "install", "--using", kind],
                    env=self.environment(), capture_output=True, check=True)
                self.assertEqual(self.found(5, kind), "moved")
                os.rename(program, program + ".moved")
                self.assertEqual(self.found(5, kind), "gone")
                self.schedule(0, "install", "--using", kind)
                self.assertEqual(self.found(0, kind), "well")

    def test_another_config(self):
        other = self.write("else/docs.ini", "")
        shutil.copy(self.path("config/docs.ini"), other)
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.schedule(0, "-c", other, "install", "--using", kind)
                self.assertEqual(self.found(5, kind), "other_config")

    def test_edited(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.schedule(0, "install", "--using", kind)
                with open(self.unit(kind), encoding="utf-8") as file:
                    text = file.read()
                with open(self.unit(kind), "w", encoding="utf-8") as file:
                    file.write(text.replace("--dry-run", "--apply"))
                self.assertEqual(self.found(5, kind), "edited")
                run = self.schedule(5, "status", "--using", kind)
                self.assertIn("install", run.err)
                self.schedule(0, "install", "--using", kind)
                self.assertEqual(self.found(0, kind), "well")

    def test_foreign(self):
        for kind in ("systemd", "launchd", "task"):
            with self.subTest(kind=kind):
                path = self.unit(kind)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write("somebody else's\n")
                self.assertEqual(self.found(5, kind), "foreign")
                self.schedule(5, "install", "--using", kind)
                self.schedule(5, "remove", "--using", kind)
                with open(path, encoding="utf-8") as file:
                    self.assertEqual(file.read(), "somebody else's\n")

    def test_a_missing_or_stopped_timer(self):
        self.schedule(0, "install")
        os.unlink(self.path("stub/up"))
        self.assertEqual(self.found(5, "systemd"), "idle")
        self.schedule(0, "install")
        os.unlink(self.path("xdg-config/systemd/user/coldsync-docs.timer"))
        self.assertEqual(self.found(5, "systemd"), "partial")
        self.schedule(0, "install")
        self.assertEqual(self.found(0, "systemd"), "well")
        os.unlink(self.unit("systemd"))
        self.assertEqual(self.found(5, "systemd"), "partial")
        self.schedule(0, "remove")
        self.assertEqual(self.found(0, "systemd"), "none")
        self.schedule(0, "install", "--using", "launchd")
        os.unlink(self.path("stub/loaded-coldsync-docs"))
        self.assertEqual(self.found(5, "launchd"), "idle")

    def test_the_scheduler_refuses(self):
        self.write("stub/broken", "")
        run = self.schedule(1, "install", "--using", "systemd")
        self.assertIn("Failed to connect to bus", run.err)

    def test_a_scheduler_that_is_not_there(self):
        os.unlink(self.path("bin/launchctl"))
        run = self.schedule(1, "install", "--using", "launchd")
        self.assertIn("launchctl", run.err)
        self.assertIn("--using", run.err)

    def test_status_changes_nothing(self):
        for kind in KINDS:
            self.schedule(0, "install", "--using", kind)
        os.unlink(self.path("stub/calls"))
        before = self.listing()
        for kind in KINDS:
            self.found(0, kind)
        os.unlink(self.path("stub/calls"))
        self.assertEqual(self.listing(), before)

    def test_mistakes(self):
        for args in ([], ["begin"], ["install", "--every", "10s"],
                     ["install", "--every", "90s"], ["install", "--every",
                                                     "32d"],
                     ["install", "--every", "x"], ["install", "--daily",
                                                   "24:00"],
                     ["install", "--daily", "7h"],
                     ["install", "--daily", "07:00", "--on-login"],
                     ["install", "--mode", "both"], ["status", "more"]):
            self.schedule(4, *args)
        self.assertEqual(self.calls(), [])

    def test_a_scheduled_dry_run_leaves_word(self):
        """What the job starts does what it says, and says it in the log."""
        self.write("local/a", "one")
        line = re.search(r"^ExecStart=(.*)$", self.text("systemd"),
                         re.M).group(1)
        done = subprocess.run(unquote_systemd(line), env=self.environment(),
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, b"", b""))
        self.assertEqual(os.listdir(self.cloud), [])
        logs = self.path("state/docs/logs")
        with open(os.path.join(logs, os.listdir(logs)[0]),
                  encoding="utf-8") as file:
            text = file.read()
        self.assertRegex(text, r"would .*path=a .*")
        self.assertIn("dry_run", text)
        line = re.search(r"^ExecStart=(.*)$", self.text(
            "systemd", "--mode", "apply"), re.M).group(1)
        subprocess.run(unquote_systemd(line), env=self.environment(),
                       check=True)
        self.assertIn("a", os.listdir(self.cloud))


if __name__ == "__main__":
    main()
