"""What is measured: for each row, us and those who do the same job."""

import contestants as who
import trees


class Row:
    """One job, and what is promised of it: (ours, the other, how many times
    as long ours may take)."""

    def __init__(self, title, makers, goals=(), between=None):
        self.title, self.makers, self.goals = title, makers, goals
        self.between = between  # what happens to the tree before each round

    def contestants(self, bed, patience):
        """Those that are there; the slow ones for so many files at most."""
        every = [kind(bed, name) for name, kind in self.makers]
        return [c for c in every
                if c.there() and (not c.slow or bed.files <= patience)]


def change_some(source, turn):
    trees.change(source, 100, turn)


def change_all(source, turn):
    trees.change(source, 1, turn)


# In this order: each may build on what those before it have set up.
ROWS = {
    "first": Row("first sync, durable", [
        ("coldsync sync", who.ColdsyncFirst), ("cp -a && sync", who.Copy),
        ("rsync -a", who.Rsync), ("unison", who.Unison),
        ("rclone bisync", who.Bisync)],
        [("coldsync sync", "cp -a && sync", 1.0)]),
    "fsync": Row("first sync, one fsync a file", [
        ("coldsync sync", who.ColdsyncFirst),
        ("rsync -a --fsync", who.RsyncDurable)]),
    "quiet": Row("nothing changed", [
        ("coldsync plan", who.ColdsyncPlan), ("bare stat walk", who.Walk),
        ("coldsync sync", who.ColdsyncQuiet),
        ("coldsync pull", who.ColdsyncPull),
        ("coldsync plan, verify off", who.ColdsyncPlanUnproven),
        ("rsync -a", who.RsyncAgain), ("unison", who.UnisonAgain),
        ("rclone bisync", who.BisyncAgain)],
        [("coldsync plan", "bare stat walk", 1.5),
         ("coldsync plan", "rsync -a", 0.5),
         ("coldsync pull", "coldsync plan, verify off", 1.2)]),
    "changed": Row("1 % changed", [
        ("coldsync sync", who.ColdsyncQuiet), ("rsync -a", who.RsyncAgain),
        ("unison", who.UnisonAgain), ("rclone bisync", who.BisyncAgain)],
        (), change_some),
    "touched": Row("all touched, nothing changed", [
        ("coldsync sync", who.ColdsyncQuiet), ("rsync -a", who.RsyncAgain),
        ("unison", who.UnisonAgain)], (), trees.touch),
    "replaced": Row("all changed, what was there kept in a zip", [
        ("coldsync sync", who.ColdsyncZipSync),
        ("zip -1 -r && cp -a && sync", who.CopyAndZip)],
        [("coldsync sync", "zip -1 -r && cp -a && sync", 1.0)], change_all),
    "zip": Row("zip snapshot", [
        ("coldsync backups create", who.ColdsyncZip),
        ("zip -1 -r", who.Zip), ("zip -1 -r && sync", who.ZipDurable)],
        [("coldsync backups create", "zip -1 -r", 1.0)]),
    "directory": Row("directory snapshot, the first", [
        ("coldsync backups create", who.ColdsyncCreateNew),
        ("cp -a && sync", who.Copy), ("restic backup", who.ResticFirst)]),
    "snapshot": Row("directory snapshot, nothing changed", [
        ("coldsync backups create", who.ColdsyncCreateAgain),
        ("bare stat walk", who.WalkOne), ("bare link walk", who.LinkWalk),
        ("rsync -a --link-dest", who.RsyncLinkDest),
        ("restic backup", who.Restic)],
        [("coldsync backups create", "bare stat walk", 3.0)]),
    "list": Row("list the snapshots", [
        ("coldsync backups list", who.ColdsyncList)]),
    "verify": Row("verify a snapshot", [
        ("coldsync backups verify", who.ColdsyncVerify),
        ("xxh128sum", who.Sums),
        ("restic check --read-data", who.ResticCheck)]),
    "restore": Row("restore all", [
        ("coldsync restore", who.ColdsyncRestore),
        ("cp -a && sync", who.Copy), ("restic restore", who.ResticRestore)]),
    "one": Row("restore one path of a zip", [
        ("coldsync restore", who.ColdsyncRestoreOne), ("unzip", who.Unzip),
        ("unzip -t (all of it)", who.UnzipTest)]),
    "push": Row("a push with nothing to do", [
        ("coldsync push", who.ColdsyncPush), ("rsync -a", who.RsyncAgain),
        ("true", who.Nothing)]),
    "start": Row("start-up", [
        ("coldsync version", who.Version), ("true", who.Nothing)]),
}
