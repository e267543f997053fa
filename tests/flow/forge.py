"""Snapshots nobody but an attacker would make: a real one, taken apart, changed
and put together again, with every digest right."""

import copy
import json
import os
import shutil
import stat
import struct
import subprocess
import zipfile
import zlib

from harness import EMULATOR, native


def digests(files):
    """The XXH3-128 of each file."""
    done = subprocess.run(
        [*EMULATOR, os.environ["COLDSYNC_DIGEST"], *map(native, files)],
        capture_output=True, check=True)
    return done.stdout.decode().split()


class Forgery:
    """A snapshot in the making: its manifest as it will be read, the content of
    each place, and whatever the form needs on top of that."""

    def __init__(self, manifest, content):
        self.doc = copy.deepcopy(manifest)
        self.id = manifest["id"]      # by which it is found
        self.content = dict(content)  # place -> bytes
        self.raw_json = None          # instead of the document
        self.links = {}               # directory: place -> target
        self.fifos = []               # directory: places
        self.modes = {}               # directory: place -> mode
        self.archive = Archive()

    def entry(self, path, side="local"):
        return next(e for e in self.doc["entries"]
                    if e["path"] == path and e["side"] == side)

    def add(self, path, text, **more):
        """One more deleted file of the local side."""
        data = text.encode()
        like = copy.deepcopy(self.entry("gone"))
        like.update({"path": path, "size": len(data), **more})
        self.doc["entries"].append(like)
        self.content[more.get("kept_as", "local/" + path)] = data
        self.count(1, len(data))
        return like

    def count(self, files, size, side="local"):
        self.doc["kept"][side]["files"] += files
        self.doc["kept"][side]["bytes"] += size

    def text(self):
        if self.raw_json is not None:
            return self.raw_json
        return json.dumps(self.doc, ensure_ascii=False).encode(
            "utf-8", "surrogatepass")

    # -- putting it down -----------------------------------------------------

    def settle_hashes(self, work):
        """Every entry that is to be right gets the hash of its content."""
        names, entries = [], []
        for i, entry in enumerate(self.doc.get("entries", ())):
            place = entry.get("kept_as", f"{entry['side']}/{entry['path']}")
            if entry.pop("settle", False) or entry.get("hash") == "settle":
                name = os.path.join(work, f"h{i}")
                with open(name, "wb") as file:
                    file.write(self.content[place])
                names.append(name)
                entries.append(entry)
        for entry, digest in zip(entries, digests(names) if names else ()):
            entry["hash"] = digest

    def put(self, backups, form, work):
        """Write it into the backup directory; returns what must be removed."""
        self.settle_hashes(work)
        self.doc["format"] = form
        path = os.path.join(backups, self.id)
        if form == "dir":
            self.put_dir(path)
        else:
            path += ".zip"
            with open(path, "wb") as file:
                file.write(self.archive.pack(self.content, self.text()))
            seal(path, path + ".xxh3")
        return path

    def put_dir(self, top):
        for place, data in self.content.items():
            if not is_inside(place):
                continue
            full = os.path.join(top, place)
            if os.path.isfile(os.path.dirname(full)):
                continue
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(data)
            os.chmod(full, self.modes.get(place, 0o600))
        for place, target in self.links.items():
            full = os.path.join(top, place)
            if os.path.isdir(full):
                shutil.rmtree(full)
            elif os.path.lexists(full):
                os.unlink(full)
            os.symlink(target, full)
        for place in self.fifos:
            if os.path.exists(os.path.join(top, place)):
                os.unlink(os.path.join(top, place))
            os.mkfifo(os.path.join(top, place))
        manifest = os.path.join(top, "manifest.json")
        if "manifest.json" not in [*self.links, *self.fifos]:
            with open(manifest, "wb") as file:
                file.write(self.text())
            seal(manifest, manifest + ".xxh3")


def is_inside(place):
    """Could a directory hold it at all?"""
    parts = place.split("/")
    return "\0" not in place and not any(p in ("", ".", "..") for p in parts)


def seal(path, beside):
    digest, = digests([path])
    with open(beside, "w", encoding="utf-8") as file:
        file.write(f"{digest}  {os.path.basename(path)}\n")


class Archive:
    """How the zip lies. Members of `lies` replace fields of one entry's header
    in the directory ("crc", "size", "packed", "offset", "flags", "method",
    "mode", "name") or, with "local_" before, of its own."""

    def __init__(self):
        self.lies = {}    # place -> {field: value}
        self.twice = []   # places that the directory names again
        self.extra = {}   # places that no manifest names -> bytes
        self.stored = False
        self.tail = b""   # behind the end
        self.end = {}     # lies of the end: "count", "length", "start"

    def pack(self, content, manifest):
        out, directory, count = bytearray(), bytearray(), 0
        places = [*content.items(), *self.extra.items(),
                  ("manifest.json", manifest)]
        headers = {}
        for place, data in places:
            offset = len(out)
            local, central = self.headers(place, data, offset)
            out += local
            headers[place] = central
            directory += central
            count += 1
        for place in self.twice:
            directory += headers[place]
            count += 1
        start = len(out)
        end = struct.pack(
            "<4sHHHHIIH", b"PK\5\6", 0, 0, self.end.get("count", count),
            self.end.get("count", count),
            self.end.get("length", len(directory)),
            self.end.get("start", start), 0)
        return bytes(out + directory + end + self.tail)

    def headers(self, place, data, offset):
        lie = self.lies.get(place, {})
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = data if self.stored else (
            packer.compress(data) + packer.flush())
        name = place.encode("utf-8", "surrogatepass")
        true = {"flags": 0x800, "method": 0 if self.stored else 8,
                "crc": zlib.crc32(data), "packed": len(packed),
                "size": len(data), "name": name}
        here = {field: lie.get("local_" + field, lie.get(field, value))
                for field, value in true.items()}
        local = struct.pack(
            "<4sHHHHHIIIHH", b"PK\3\4", 20, here["flags"], here["method"], 0,
            33, here["crc"], here["packed"], here["size"], len(here["name"]),
            0) + here["name"] + packed
        here = {field: lie.get(field, value) for field, value in true.items()}
        central = struct.pack(
            "<4sBBHHHHHIIIHHHHHII", b"PK\1\2", 20, 3, 20, here["flags"],
            here["method"], 0, 33, here["crc"], here["packed"], here["size"],
            len(here["name"]), 0, 0, 0, 0,
            lie.get("mode", stat.S_IFREG | 0o600) << 16,
            lie.get("offset", offset)) + here["name"]
        return local, central


def take_apart(path):
    """The manifest and the contents of a real one, a directory."""
    with open(os.path.join(path, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    content = {}
    for side in ("local", "cloud"):
        for top, _dirs, files in os.walk(os.path.join(path, side)):
            for name in files:
                full = os.path.join(top, name)
                with open(full, "rb") as file:
                    content[os.path.relpath(full, path).replace(
                        os.sep, "/")] = file.read()
    return manifest, content


def readable(data):
    """Can an ordinary tool read the archive? (That the forger can forge.)"""
    with zipfile.ZipFile(data) as archive:
        return archive.testzip() is None
