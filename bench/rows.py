"""What is measured: for each row, us and those who do the same job.

A row makes its trees once; then, round after round, each contestant is
prepared (not timed) and run (timed). What a contestant needs lies in a
directory of its own, so that nobody profits from another's work.
"""

import os
import shutil
import subprocess

import trees

COLDSYNC = os.environ.get("COLDSYNC", "coldsync")
STATWALK = os.environ.get("STATWALK", "statwalk")


def have(program):
    return shutil.which(program) is not None


def shell(text, *arguments):
    return ["/bin/sh", "-c", text, "sh", *arguments]


def put_away(path):
    """Out of sight until the row ends. Nothing is deleted between two runs:
    an ext4 without a journal is slow to reuse what was deleted just before,
    and whoever comes next would pay for it."""
    if os.path.lexists(path):
        attic = path + ".old"
        os.makedirs(attic, exist_ok=True)
        os.rename(path, os.path.join(attic, str(len(os.listdir(attic)))))


def fresh(path):
    put_away(path)
    os.makedirs(path)


class Contestant:
    """Somebody who does the job of a row."""
    needs = None     # a program that must be there
    good = (0,)

    def __init__(self, row, name):
        self.row, self.name = row, name
        self.own = os.path.join(row.home, name.replace(" ", "-"))

    def once(self):
        """Before the first round."""

    def before(self):
        """Before each round."""

    def command(self):
        raise NotImplementedError


# ---- us ----

class Coldsync(Contestant):
    """A profile of its own over the row's source."""
    extra = ""

    def once(self):
        fresh(self.own)
        os.mkdir(os.path.join(self.own, "cloud"))
        self.config = os.path.join(self.own, "bench.ini")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write("[identity]\nmachine_id = bench\n[paths]\n"
                    f"local_state_dir = {self.row.source}\n"
                    f"cloud_root_dir = {self.own}/cloud\n"
                    f"state_dir = {self.own}/state\n" + self.extra)

    def coldsync(self, *arguments):
        return [COLDSYNC, "-q", "-c", self.config, *arguments]

    def forget(self):
        fresh(os.path.join(self.own, "cloud"))
        put_away(os.path.join(self.own, "state"))

    def sync(self):
        subprocess.run(self.coldsync("sync", "--apply"), check=True,
                       stdout=subprocess.DEVNULL)
        # Freshly written files are looked at again; not in what is timed.
        subprocess.run(["sleep", "0.1"], check=True)
        subprocess.run(self.coldsync("sync", "--apply"), check=True,
                       stdout=subprocess.DEVNULL)


class ColdsyncFirst(Coldsync):
    def before(self):
        self.forget()

    def command(self):
        return self.coldsync("sync", "--apply")


class ColdsyncQuiet(Coldsync):
    verb = ("plan",)

    def once(self):
        super().once()
        self.sync()

    def command(self):
        return self.coldsync(*self.verb)


class ColdsyncSync(ColdsyncQuiet):
    verb = ("sync", "--apply")


class ColdsyncCreate(ColdsyncQuiet):
    verb = ("backups", "create")


class ColdsyncZip(ColdsyncCreate):
    extra = "[backup]\ncompression = zip\nkeep_last = 1\nmax_backups = 1\n"


class WithSnapshot(ColdsyncQuiet):
    def once(self):
        super().once()
        subprocess.run(self.coldsync("backups", "create"), check=True,
                       stdout=subprocess.DEVNULL)


class ColdsyncVerify(WithSnapshot):
    verb = ("backups", "verify")


class ColdsyncRestore(WithSnapshot):
    def before(self):
        put_away(os.path.join(self.own, "back"))

    def command(self):
        return self.coldsync("restore", "--to",
                             os.path.join(self.own, "back"), "--apply")


class ColdsyncRestoreOne(ColdsyncRestore):
    extra = ColdsyncZip.extra

    def command(self):
        one = os.path.relpath(next(trees.files_of(self.row.source)),
                              self.row.source)
        return super().command() + [one]


class Version(Contestant):
    def command(self):
        return [COLDSYNC, "version"]


# ---- the others ----

class Into(Contestant):
    """Copies the source somewhere; begins with nothing there."""
    text = ""

    def before(self):
        fresh(self.own)

    def command(self):
        return shell(self.text, self.row.source, self.own)


class Again(Into):
    """The same, when all is there already."""

    def once(self):
        fresh(self.own)
        subprocess.run(self.command(), check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def before(self):
        pass


class Copy(Into):
    text = 'cp -a "$1/." "$2" && sync'


class Rsync(Into):
    needs = "rsync"
    text = 'rsync -a "$1/" "$2"'


class RsyncDurable(Into):
    needs = "rsync"
    text = 'rsync -a --fsync "$1/" "$2"'


class RsyncAgain(Again):
    needs = "rsync"
    text = 'rsync -a "$1/" "$2"'


class Unison(Into):
    needs = "unison"
    text = ('HOME=$3 UNISON=$3/unison unison -batch -silent -times -perms 0 '
            '-confirmbigdel=false "$1" "$2" >/dev/null 2>&1')

    def command(self):
        home = self.own + ".home"
        os.makedirs(home, exist_ok=True)
        return shell(self.text, self.row.source, self.own, home)

    def before(self):
        super().before()
        put_away(self.own + ".home")


class UnisonAgain(Unison):
    def once(self):
        Unison.before(self)
        subprocess.run(self.command(), check=True, stdout=subprocess.DEVNULL)

    def before(self):
        pass


class Bisync(UnisonAgain):
    needs = "rclone"
    text = ('HOME=$3 rclone bisync "$1" "$2" --workdir "$3/work" -q '
            '${4:-} >/dev/null 2>&1')

    def once(self):
        Unison.before(self)
        subprocess.run(self.command() + ["--resync"], check=True)


class Walk(Contestant):
    """Only looks, at as many entries as a plan has to."""
    needs = STATWALK
    trees = 2

    def once(self):
        fresh(self.own)
        subprocess.run(["cp", "-a", self.row.source + "/.", self.own],
                       check=True)

    def command(self):
        return [STATWALK, self.row.source, self.own][:1 + self.trees]


class WalkOne(Walk):
    trees = 1


class Zip(Into):
    needs = "zip"
    text = 'cd "$1" && zip -1 -q -r "$2/tree.zip" .'


class Unzip(Into):
    needs = "unzip"

    def once(self):
        self.archive = self.own + ".zip"
        subprocess.run(["zip", "-1", "-q", "-r", self.archive, "."],
                       cwd=self.row.source, check=True)

    def command(self):
        one = os.path.relpath(next(trees.files_of(self.row.source)),
                              self.row.source)
        return ["unzip", "-q", "-o", self.archive, one, "-d", self.own]


class Sums(Contestant):
    needs = "xxh128sum"

    def command(self):
        return shell('find "$1" -type f -print0 | xargs -0 -P 2 xxh128sum -q',
                     self.row.source)


class Nothing(Contestant):
    def command(self):
        return ["/bin/true"]


# ---- the rows ----

class Row:
    """One job; the second contestant is who we are held against."""

    def __init__(self, title, goal, contestants, between=None):
        self.title, self.goal = title, goal
        self.makers = contestants
        self.between = between  # what happens to the source each round
        self.home = self.source = None

    def contestants(self):
        return [kind(self, name) for name, kind in self.makers
                if kind.needs is None or have(kind.needs)]


def change_some(source, turn):
    trees.change(source, 100, turn)


def all_rows():
    return {
        "first": Row("first sync, durable", 1.0, [
            ("coldsync", ColdsyncFirst), ("cp -a && sync", Copy),
            ("rsync -a", Rsync), ("rsync -a --fsync", RsyncDurable),
            ("unison", Unison)]),
        "plan": Row("quiet plan", 1.5, [
            ("coldsync plan", ColdsyncQuiet), ("bare stat walk", Walk),
            ("rsync -a", RsyncAgain), ("unison", UnisonAgain),
            ("rclone bisync", Bisync)]),
        "quiet": Row("quiet sync", None, [
            ("coldsync sync", ColdsyncSync), ("rsync -a", RsyncAgain),
            ("unison", UnisonAgain)]),
        "changed": Row("1 % changed", None, [
            ("coldsync sync", ColdsyncSync), ("rsync -a", RsyncAgain),
            ("unison", UnisonAgain)], change_some),
        "touched": Row("all touched, nothing changed", None, [
            ("coldsync sync", ColdsyncSync), ("rsync -a", RsyncAgain),
            ("unison", UnisonAgain)], trees.touch),
        "zip": Row("zip snapshot", 1.0, [
            ("coldsync backups create", ColdsyncZip), ("zip -1 -r", Zip)]),
        "snapshot": Row("directory snapshot, nothing changed", 3.0, [
            ("coldsync backups create", ColdsyncCreate),
            ("bare stat walk", WalkOne)]),
        "verify": Row("verify a snapshot", None, [
            ("coldsync backups verify", ColdsyncVerify),
            ("xxh128sum", Sums)]),
        "restore": Row("restore all", None, [
            ("coldsync restore", ColdsyncRestore), ("cp -a && sync", Copy)]),
        "one": Row("restore one path of a zip", None, [
            ("coldsync restore", ColdsyncRestoreOne), ("unzip", Unzip)]),
        "start": Row("start-up", None, [
            ("coldsync version", Version), ("true", Nothing)]),
    }
