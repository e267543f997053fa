"""Trees to measure on, the same each time they are made."""

import os
import random

# Sizes like those of an application's state: most are small.
SMALLEST, LARGEST = 200, 9000
FILES_PER_DIR = 100

WORDS = ("session state window document note message draft index cache path "
         "name time open close left right first last user system list").split()


def text_block(dice, size):
    """What applications write: words, names, numbers; about a third of it
    remains when it is packed."""
    lines = []
    left = size
    while left > 0:
        line = (f'{{"{dice.choice(WORDS)}": "{dice.choice(WORDS)} '
                f'{dice.getrandbits(40):x}", "{dice.choice(WORDS)}": '
                f'{dice.getrandbits(20)}}}\n')
        lines.append(line)
        left -= len(line)
    return "".join(lines).encode()


def make_small(root, files, seed=1):
    """So many small files, a hundred a directory, two levels deep: three
    quarters text, a quarter of what cannot be packed."""
    dice = random.Random(seed)
    noise = dice.randbytes(LARGEST * 4)
    text = text_block(dice, LARGEST * 40)
    for first in range(0, files, FILES_PER_DIR):
        number = first // FILES_PER_DIR
        place = os.path.join(root, f"{number % 50:02}", f"{number:05}")
        os.makedirs(place)
        for i in range(first, min(first + FILES_PER_DIR, files)):
            size = dice.randint(SMALLEST, LARGEST)
            block = noise if i % 4 == 0 else text
            start = dice.randint(0, len(block) - size)
            with open(os.path.join(place, f"file-{i:07}.dat"), "wb") as f:
                f.write(b"%d\n" % i + block[start:start + size])


def make_deep(root, files):
    """One directory in the other, a file in each."""
    path = root
    for i in range(files):
        if i % 200 == 0:
            path = os.path.join(root, f"branch-{i:06}")
        else:
            path = os.path.join(path, "d")
        os.mkdir(path)
        with open(os.path.join(path, "f"), "w") as f:
            f.write(f"{i}\n")


def make_wide(root, files):
    """All in one directory."""
    for i in range(files):
        with open(os.path.join(root, f"file-{i:07}.dat"), "w") as f:
            f.write(f"{i}\n")


def make_large(root, files):
    """Few files of 256 MiB."""
    block = random.Random(2).randbytes(1 << 20)
    for i in range(files):
        with open(os.path.join(root, f"large-{i}.bin"), "wb") as f:
            for k in range(256):
                f.write(b"%08d" % k + block[8:])


SHAPES = {"small": make_small, "deep": make_deep, "wide": make_wide,
          "large": make_large}


def files_of(root):
    for place, directories, names in os.walk(root):
        directories.sort()
        for name in sorted(names):
            yield os.path.join(place, name)


def change(root, every, turn):
    """Every so-manyth file gets a line more."""
    for i, path in enumerate(files_of(root)):
        if i % every == 0:
            with open(path, "ab") as f:
                f.write(b"changed %d\n" % turn)


def touch(root, turn):
    """Other times, the same content."""
    when = 1_700_000_000 + turn * 60
    for path in files_of(root):
        os.utime(path, (when, when))
