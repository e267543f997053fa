"""A cloud client that delivers in any order, in pieces, and sometimes badly.

Each machine has a cloud folder and a client of its own. A client carries every
change of its folder to all others, a file at a time and in whatever order it is
told to: through temporary names, empty and half-written files, with rounded
times. The later of two versions wins; a loser that was not known elsewhere
stays beside it, as Syncthing does it. Folders are not carried, only what lies
in them; nor are links and permissions.
"""

import os
import shutil

COPY = ".sync-conflict-20260101-000000-ABCDEFG"


def copy_name(root, path):
    """What a version is called that stays beside the one that won."""
    name, n = path + COPY, 0
    while os.path.lexists(os.path.join(root, name)):
        n += 1
        name = path + COPY.replace("000000", f"{n:06}")
    return name


def files(root):
    """Every file below *root*: path -> text, a byte a character."""
    found = {}
    for top, _, names in os.walk(root):
        for name in names:
            path = os.path.join(top, name)
            if os.path.islink(path):
                continue
            with open(path, encoding="latin-1", newline="") as f:
                found[os.path.relpath(path, root)] = f.read()
    return found


def put(root, path, text, mtime=None):
    """Write a file as editors do, or, with None, remove it."""
    full = os.path.join(root, path)
    if text is None:
        if os.path.lexists(full) and not os.path.isdir(full):
            os.unlink(full)
        return
    os.makedirs(os.path.dirname(full), exist_ok=True)
    temp = full + "~put"
    with open(temp, "w", encoding="latin-1", newline="") as f:
        f.write(text)
    if mtime is not None:
        os.utime(temp, (mtime, mtime))
    os.replace(temp, full)


class Event:
    """One version of one file, on its way."""

    def __init__(self, path, text, version, base):
        self.path, self.text = path, text
        self.version, self.base = version, base


class Client:
    """One machine's end of the cloud."""

    def __init__(self, name, root):
        self.name, self.root = name, root
        self.known = {}    # path -> text it has seen here
        self.versions = {} # path -> its version
        self.queue = {}    # path -> events, oldest first
        self.past = []     # earlier states of the folder

    def waiting(self):
        return sorted(path for path, events in self.queue.items() if events)

    def obstacle(self, path):
        """What is in the way of a file of this name; None: nothing."""
        parts = path.split("/")
        for n in range(1, len(parts)):
            above = "/".join(parts[:n])
            full = os.path.join(self.root, above)
            if os.path.lexists(full) and not os.path.isdir(full):
                return above
        full = os.path.join(self.root, path)
        return path if os.path.isdir(full) and not remove_empty(full) else None

    def become(self, want):
        for path in set(files(self.root)) - set(want):
            put(self.root, path, None)
        for path, text in want.items():
            if self.obstacle(path) is not None:
                continue
            if files(self.root).get(path) != text:
                put(self.root, path, text)


def temporary(path):
    """What a file is called while it arrives."""
    top, name = os.path.split(path)
    return os.path.join(top, f".syncthing.{name}.tmp")


def remove_empty(full):
    """Remove a directory that holds nothing but directories; did it go?"""
    for _, _, names in os.walk(full):
        if names:
            return False
    shutil.rmtree(full)
    return True


class Network:
    """All the clients of one folder."""

    def __init__(self, clients, tell):
        self.clients, self.tell = clients, tell
        self.clock = 0
        self.copies = set() # texts kept beside their winner
        self.junk = set()   # what was written on the way
        self.made_room = False # a file was in a folder's way, or a folder in
                               # a file's

    # -- out --

    def upload(self, client):
        """What changed in this folder goes to all others."""
        now = files(client.root)
        found = {path: text for path, text in now.items()
                 if "~coldsync-" not in path and not path.endswith(".tmp")}
        for path in sorted(set(found) | set(client.known)):
            text = found.get(path)
            if text != client.known.get(path):
                self.publish(client, path, text)
        client.past.append(now)

    def publish(self, client, path, text):
        self.clock += 1
        base = client.versions.get(path)
        version = (self.clock, client.name)
        remember(client, path, text)
        client.versions[path] = version
        for other in self.clients:
            if other is not client:
                other.queue.setdefault(path, []).append(
                    Event(path, text, version, base))

    # -- in --

    def deliver(self, client, dice, whole=False):
        """One step of one file; is there anything that could still move?"""
        paths = [path for path in client.waiting()
                 if self.can_come(client, path)]
        if not paths:
            return False
        path = dice.choice(paths)
        event = client.queue[path][0]
        current = client.versions.get(path)
        if current is not None and event.version <= current:
            client.queue[path].pop(0)
            put(client.root, temporary(path), None)
            return True
        if (event.text is not None and not whole and dice.random() < 0.25
                and event.base == current):
            self.pieces(client, event, dice)
            return True
        client.queue[path].pop(0)
        self.take(client, event, current, dice)
        return True

    def can_come(self, client, path):
        return (client.queue[path][0].text is None
                or client.obstacle(path) is None)

    def take(self, client, event, current, dice):
        path = event.path
        put(client.root, temporary(path), None)
        mine = client.known.get(path)
        client.versions[path] = event.version
        if (event.base != current and mine is not None
                and mine != event.text and mine not in self.junk
                and not path.startswith(".coldsync")
                and current is not None and current[1] == client.name):
            self.keep_loser(client, path, mine)
        mtime = None
        if event.text is not None and dice.random() < 0.7:
            mtime = 1_700_000_000 + 2 * self.clock
        put(client.root, path, event.text, mtime)
        remember(client, path, event.text)
        self.tell(f"client {client.name}: {path} = {str(event.text)[:12]!r}")

    def pieces(self, client, event, dice):
        """Something of it is here, under its name or another one."""
        path, text = event.path, event.text
        how = dice.choice(("temp", "empty", "half", "zeros"))
        self.tell(f"client {client.name}: {path} in pieces: {how}")
        if how == "temp" or path.startswith(".coldsync"):
            put(client.root, temporary(path), text[:3])
            return
        part = {"empty": "", "half": text[:len(text) // 2],
                "zeros": "\0" * len(text)}[how]
        self.junk.add(part)
        put(client.root, path, part)
        client.known[path] = part

    def keep_loser(self, client, path, text):
        self.copies.add(text)
        self.tell(f"client {client.name}: loser of {path} kept ({text[:12]})")
        put(client.root, copy_name(client.root, path), text)
        self.upload(client)

    # -- all of it --

    def settle(self, dice):
        """Everything arrives, everywhere."""
        while any(client.waiting() for client in self.clients):
            for client in self.clients:
                while self.deliver(client, dice, whole=True):
                    pass
                if client.waiting():
                    self.make_room(client)

    def make_room(self, client):
        """A file where a folder has to be, or the other way round: what is
        there goes beside."""
        path = client.waiting()[0]
        obstacle = client.obstacle(path)
        full = os.path.join(client.root, obstacle)
        self.tell(f"client {client.name}: {obstacle} makes room for {path}")
        os.rename(full, os.path.join(client.root,
                                     copy_name(client.root, obstacle)))
        self.made_room = True
        self.upload(client)

    # -- back in time --

    def roll_back(self, client, dice, run):
        """The folder as it once was, in which *run* happens; then as it is,
        with what the run did."""
        if not client.past:
            return
        now, past = files(client.root), dice.choice(client.past)
        self.tell(f"client {client.name}: rolls back")
        client.become(past)
        run()
        after = files(client.root)
        for path in set(past) | set(after):
            if past.get(path) != after.get(path):
                lost = now.pop(path, None)
                if lost is not None and lost != past.get(path) \
                        and not path.startswith(".coldsync"):
                    self.copies.add(lost)
                    now[copy_name(client.root, path)] = lost
                if path in after:
                    now[path] = after[path]
        client.become(now)
        self.upload(client)


def remember(client, path, text):
    if text is None:
        client.known.pop(path, None)
    else:
        client.known[path] = text
