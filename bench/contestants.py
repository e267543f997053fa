"""Who does a row's job: coldsync in its ways, and the others.

Each has a directory of its own for as long as a tree is measured on, so that
nobody profits from another's work and what one row has set up the next need
not set up again: the pair of folders that was synced first is the one that is
found quiet later. Nothing is deleted between two runs: a file system is slow
to reuse what was deleted just before, and whoever comes next would pay for it.
"""

import os
import shutil
import subprocess
import time

import trees

COLDSYNC = os.environ.get("COLDSYNC", "coldsync")
TOOLS = os.environ.get("BENCH_TOOLS", "")


def tool(name):
    return os.path.join(TOOLS, name)


def shell(text, *arguments):
    return ["/bin/sh", "-c", text, "sh", *arguments]


def quietly(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


class Contestant:
    """Somebody who does the job of a row."""
    needs = None     # a program that must be there
    good = (0,)
    place = None     # its directory; those of one place share it
    slow = False     # takes minutes where others take seconds

    def __init__(self, bed, name):
        self.bed, self.name = bed, name
        kind = type(self)
        self.own = os.path.join(bed.home, kind.place or kind.__name__)

    def there(self):
        return self.needs is None or shutil.which(self.needs) is not None

    def fresh(self, name=""):
        """An empty directory; what was there is put away."""
        path = os.path.join(self.own, name) if name else self.own
        self.bed.put_away(path)
        os.makedirs(path)
        return path

    def once(self):
        """Before the first round."""

    def before(self):
        """Before each round."""

    def command(self):
        raise NotImplementedError


# ---- us ----

class Coldsync(Contestant):
    """A profile over the tree."""
    place = "coldsync"
    extra = ""
    verb = ("sync", "--apply")

    def write_config(self):
        os.makedirs(self.own, exist_ok=True)
        self.config = os.path.join(self.own, "bench.ini")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write("[identity]\nmachine_id = bench\n[paths]\n"
                    f"local_state_dir = {self.bed.source}\n"
                    f"cloud_root_dir = {self.own}/cloud\n"
                    f"state_dir = {self.own}/state\n" + self.extra)

    def coldsync(self, *arguments):
        return [COLDSYNC, "-q", "-c", self.config, *arguments]

    def command(self):
        return self.coldsync(*self.verb)


class ColdsyncFirst(Coldsync):
    def once(self):
        self.write_config()

    def before(self):
        self.fresh("cloud")
        self.bed.put_away(os.path.join(self.own, "state"))


class ColdsyncQuiet(Coldsync):
    """Both sides agree."""

    def once(self):
        self.write_config()
        os.makedirs(os.path.join(self.own, "cloud"), exist_ok=True)
        quietly(self.coldsync("sync", "--apply"))
        # Freshly written files are looked at again; not in what is timed.
        time.sleep(0.1)
        quietly(self.coldsync("sync", "--apply"))


class ColdsyncPlan(ColdsyncQuiet):
    verb = ("plan",)


class ColdsyncPlanUnproven(ColdsyncQuiet):
    """Without asking whether the cloud folder is complete."""
    verb = ("plan", "--set", "cloud.verify=off")


class ColdsyncPull(ColdsyncQuiet):
    verb = ("pull",)


class ColdsyncPush(ColdsyncQuiet):
    verb = ("push",)


class ColdsyncZipSync(ColdsyncQuiet):
    place = "coldsync-zip"
    extra = "[backup]\ncompression = zip\n"


class ColdsyncCreateNew(Coldsync):
    """There is no earlier snapshot that anything could be taken from."""
    place = "coldsync-new"
    verb = ("backups", "create")

    def once(self):
        self.write_config()
        os.makedirs(os.path.join(self.own, "cloud"), exist_ok=True)

    def before(self):
        self.bed.put_away(os.path.join(self.own, "state", "backups"))


class ColdsyncZip(ColdsyncCreateNew):
    place = "coldsync-zip-create"
    extra = ColdsyncZipSync.extra


class Saved(Coldsync):
    """There is a snapshot of the tree as it is."""
    place = "coldsync-saved"

    def once(self):
        self.write_config()
        os.makedirs(os.path.join(self.own, "cloud"), exist_ok=True)
        if not os.path.isdir(os.path.join(self.own, "state", "backups")):
            quietly(self.coldsync("backups", "create"))


class ColdsyncCreateAgain(Saved):
    verb = ("backups", "create")


class ColdsyncList(Saved):
    verb = ("backups", "list")


class ColdsyncVerify(Saved):
    def command(self):
        where = os.path.join(self.own, "state", "backups")
        return self.coldsync("backups", "verify",
                             sorted(os.listdir(where))[0].split(".")[0])


class ColdsyncRestore(Saved):
    paths = ()

    def before(self):
        self.bed.put_away(os.path.join(self.own, "back"))

    def command(self):
        return self.coldsync("restore", "--to",
                             os.path.join(self.own, "back"), "--apply",
                             "--", *self.paths)


class ColdsyncRestoreOne(ColdsyncRestore):
    place = "coldsync-saved-zip"
    extra = ColdsyncZipSync.extra

    def once(self):
        super().once()
        self.paths = [os.path.relpath(next(trees.files_of(self.bed.source)),
                                      self.bed.source)]


class Version(Contestant):
    def command(self):
        return [COLDSYNC, "version"]


# ---- the others ----

class Into(Contestant):
    """Copies the tree to where nothing is."""
    text = ""

    def before(self):
        self.fresh()
        self.fresh_home()

    def fresh_home(self):
        self.home = self.own + ".home"
        self.bed.put_away(self.home)
        os.makedirs(self.home)

    def command(self):
        return shell(self.text, self.bed.source, self.own, self.home)


class Again(Into):
    """The same, when it was done before."""

    def once(self):
        self.home = self.own + ".home"
        if not os.path.isdir(self.own):
            Into.before(self)
        quietly(self.command())

    def before(self):
        pass


class Copy(Into):
    text = 'cp -a "$1/." "$2" && sync'


class Rsync(Into):
    needs = place = "rsync"
    text = 'rsync -a --delete "$1/" "$2"'


class RsyncDurable(Into):
    needs = "rsync"
    text = 'rsync -a --fsync "$1/" "$2"'


class RsyncAgain(Again):
    needs = place = "rsync"
    text = Rsync.text


UNISON = ('HOME=$3 UNISON=$3/unison unison -batch -silent -times -perms 0 '
          '-confirmbigdel=false "$1" "$2" >/dev/null 2>&1')


class Unison(Into):
    slow = True
    needs = place = "unison"
    text = UNISON


class UnisonAgain(Again):
    slow = True
    needs = place = "unison"
    text = UNISON


BISYNC = ('HOME=$3 rclone bisync "$1" "$2" --workdir "$3/work" -q '
          '--force %s >/dev/null 2>&1')


class Bisync(Into):
    slow = True
    needs, place = "rclone", "bisync"
    text = BISYNC % "--resync"


class BisyncAgain(Again):
    slow = True
    needs, place = "rclone", "bisync"
    text = BISYNC % ""

    def once(self):
        if not os.path.isdir(self.own):
            Into.before(self)
            quietly(shell(Bisync.text, self.bed.source, self.own, self.home))
        self.home = self.own + ".home"


class Walk(Contestant):
    """Only looks, at as many entries as a plan has to."""

    def once(self):
        if not os.path.isdir(self.own):
            quietly(["cp", "-a", self.bed.source, self.own])

    def command(self):
        return [tool("statwalk"), self.bed.source, self.own]


class WalkOne(Contestant):
    def command(self):
        return [tool("statwalk"), self.bed.source]


class LinkWalk(Contestant):
    """Only links: what no snapshot that is made of links can do without."""

    def once(self):
        self.first = os.path.join(self.own, "first")
        if not os.path.isdir(self.first):
            os.makedirs(self.own)
            quietly(["cp", "-a", self.bed.source, self.first])

    def before(self):
        self.bed.put_away(os.path.join(self.own, "next"))

    def command(self):
        return [tool("linkwalk"), self.first, os.path.join(self.own, "next")]


class RsyncLinkDest(LinkWalk):
    needs = "rsync"

    def command(self):
        return ["rsync", "-a", "--link-dest", self.first,
                self.bed.source + "/", os.path.join(self.own, "next")]


class CopyAndZip(Contestant):
    """Everything replaced, after what was there went into an archive."""
    needs = "zip"
    text = ('cd "$2/to" && zip -1 -q -r "$2/kept-$3.zip" . && '
            'cp -a "$1/." "$2/to" && sync')
    turn = 0

    def once(self):
        if not os.path.isdir(self.own):
            os.makedirs(self.own)
            quietly(["cp", "-a", self.bed.source, self.own + "/to"])

    def before(self):
        self.turn += 1

    def command(self):
        return shell(self.text, self.bed.source, self.own, str(self.turn))


class Zip(Into):
    needs = "zip"
    text = 'cd "$1" && zip -1 -q -r "$2/tree.zip" .'


class ZipDurable(Zip):
    text = Zip.text + ' && sync "$2/tree.zip"'


class Unzip(Contestant):
    needs = "unzip"

    def once(self):
        os.makedirs(self.own, exist_ok=True)
        self.archive = os.path.join(self.own, "tree.zip")
        if not os.path.exists(self.archive):
            subprocess.run(["zip", "-1", "-q", "-r", self.archive, "."],
                           cwd=self.bed.source, check=True)
        self.one = os.path.relpath(next(trees.files_of(self.bed.source)),
                                   self.bed.source)

    def there(self):
        return super().there() and shutil.which("zip") is not None

    def command(self):
        return ["unzip", "-q", "-o", self.archive, self.one, "-d",
                os.path.join(self.own, "to")]


class UnzipTest(Unzip):
    place = "Unzip"

    def command(self):
        return ["unzip", "-q", "-t", self.archive]


class Sums(Contestant):
    needs = "xxh128sum"

    def command(self):
        return shell('find "$1" -type f -print0 | xargs -0 -P 2 -n 1000 '
                     'xxh128sum -q', self.bed.source)


class Restic(Contestant):
    """A repository that holds the tree; it is encrypted, which costs it."""
    slow = True
    needs = place = "restic"
    text = ('export HOME="$2" RESTIC_PASSWORD=bench RESTIC_REPOSITORY="$2/repo"'
            ' && cd "$1" && restic -q ')
    verb = "backup ."

    def once(self):
        if not os.path.isdir(self.own):
            os.makedirs(self.own)
            quietly(shell(self.text + "init", self.bed.source, self.own))
            quietly(shell(self.text + "backup .", self.bed.source, self.own))

    def command(self):
        return shell(self.text + self.verb, self.bed.source, self.own)


class ResticFirst(Restic):
    place = "restic-first"

    def once(self):
        pass

    def before(self):
        self.fresh()
        quietly(shell(self.text + "init", self.bed.source, self.own))


class ResticCheck(Restic):
    verb = "check --read-data"


class ResticRestore(Restic):
    verb = 'restore latest --target "$2/back"'

    def before(self):
        self.bed.put_away(os.path.join(self.own, "back"))


class Nothing(Contestant):
    def command(self):
        return ["/bin/true"]
