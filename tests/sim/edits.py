"""What people and programs do to a tree, drawn by lot.

Few names and short paths, so that edits meet. Every content is unique, so that
one that is lost is missed. Times come from the simulation's own clock.
"""

import os
import re

from world import tree

DIRS = ("", "", "a", "a/b", "c", "grp", "grp/deep")
NAMES = ("x.txt", "X.txt", "y.txt", "log.jsonl", "data.db", "data.db-wal",
         "data.db-shm", "CURRENT", "a b.txt", "na\u00efve", "nai\u0308ve",
         "tool.sh", "c")
COPY = re.compile(rb"\.conflict-\d{8}-\d{6}-")


class Editor:
    """One hand in one tree."""

    def __init__(self, source, dice, root):
        self.source, self.dice, self.root = source, dice, root

    # -- choosing --

    def everything(self, *types):
        found = [(COPY.sub(b"", path), path)
                 for path, seen in tree(self.root).items()
                 if seen.type in types and not path.startswith(b".coldsync")]
        return [os.fsdecode(path) for _, path in sorted(found)]

    def some(self, *types):
        """A path of such a type; None where there is none."""
        paths = self.everything(*types)
        return self.dice.choice(paths) if paths else None

    def new_name(self):
        """A name to be made: free, or to be written over."""
        return os.path.join(self.dice.choice(DIRS), self.dice.choice(NAMES))

    def full(self, path):
        return os.path.join(self.root, path)

    # -- doing --

    def reach(self, path):
        """The directories above; False where a file is in the way."""
        try:
            os.makedirs(os.path.dirname(self.full(path)), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            return False
        return True

    def date(self, path):
        now = self.source.tick()
        os.utime(self.full(path), ns=(now, now), follow_symlinks=False)

    def write(self, path, content):
        full = self.full(path)
        if not self.reach(path) or (os.path.isdir(full)
                                    and not os.path.islink(full)):
            return
        if os.path.islink(full):
            os.unlink(full)
        with open(full, "wb") as file:
            file.write(content)
        self.date(path)

    def create(self):
        path = self.new_name()
        self.write(path, self.source.content(path))

    def modify(self):
        path = self.some("file")
        if path:
            self.write(path, self.source.content(path))

    def save(self):
        """As editors do: a new file takes the old one's name."""
        path = self.some("file")
        if path:
            self.write(path + ".save", self.source.content(path))
            os.replace(self.full(path + ".save"), self.full(path))

    def same_size(self):
        """Other content of the same size; often with the old time."""
        path = self.some("file")
        if not path:
            return
        full = self.full(path)
        st = os.stat(full)
        if st.st_size < 16:
            return
        with open(full, "r+b") as file:
            file.seek(st.st_size - 12)
            file.write(self.source.word(11))
        if self.dice.random() < 0.7:
            os.utime(full, ns=(st.st_atime_ns, st.st_mtime_ns))
        else:
            self.date(path)

    def append(self):
        path = self.some("file")
        if path:
            with open(self.full(path), "ab") as file:
                file.write(self.source.line(path))
            self.date(path)

    def touch(self):
        path = self.some("file", "link")
        if path:
            self.date(path)

    def set_exec(self):
        path = self.some("file")
        if path:
            full = self.full(path)
            os.chmod(full, (os.stat(full).st_mode & 0o777) ^ 0o111)

    def delete(self):
        path = self.some("file", "link")
        if path:
            os.unlink(self.full(path))

    def delete_dir(self):
        path = self.some("dir")
        if path:
            self.clear(self.full(path))

    def clear(self, full):
        for top, dirs, files in os.walk(full, topdown=False):
            for name in files:
                os.unlink(os.path.join(top, name))
            for name in dirs:
                inner = os.path.join(top, name)
                (os.unlink if os.path.islink(inner) else os.rmdir)(inner)
        os.rmdir(full)

    def rename(self):
        old, new = self.some("file", "link"), self.new_name()
        if old and self.reach(new) and not os.path.isdir(self.full(new)):
            os.rename(self.full(old), self.full(new))

    def rename_dir(self):
        old = self.some("dir")
        new = self.dice.choice(("a", "c", "e", "a/f"))
        if (old and not os.path.lexists(self.full(new)) and self.reach(new)
                and not (new + "/").startswith(old + "/")):
            os.rename(self.full(old), self.full(new))

    def change_case(self):
        old = self.some("file")
        if old:
            new = os.path.join(os.path.dirname(old),
                               os.path.basename(old).swapcase())
            if not os.path.lexists(self.full(new)):
                os.rename(self.full(old), self.full(new))

    def link(self):
        path = self.new_name()
        if self.reach(path) and not os.path.lexists(self.full(path)):
            os.symlink(self.source.word(8).decode(), self.full(path))
            self.date(path)

    def make_dir(self):
        path = self.dice.choice(("e", "e/g", "a/h"))
        if self.reach(path) and not os.path.lexists(self.full(path)):
            os.mkdir(self.full(path))

    def file_to_dir(self):
        path = self.some("file")
        if path:
            os.unlink(self.full(path))
            self.write(path + "/inside.txt", self.source.content("inside.txt"))

    def dir_to_file(self):
        path = self.some("dir")
        if path:
            self.clear(self.full(path))
            self.write(path, self.source.content(path))

    def once(self):
        """One edit, by its weight."""
        how = draw(self.dice)
        getattr(self, how)()
        return how


def draw(dice):
    """The name of an edit, by its weight."""
    return dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


WEIGHTS = {"create": 10, "modify": 8, "save": 4, "same_size": 4, "append": 5,
           "touch": 3, "set_exec": 2, "delete": 5, "delete_dir": 1,
           "rename": 4, "rename_dir": 1, "change_case": 1, "link": 2,
           "make_dir": 2, "file_to_dir": 1, "dir_to_file": 1}
