"""What all stories share: what edits are made of, and telling many of them.

A story is told from a number. Telling it answers with what is wrong in it, in
lines, and with how often what happened; the same number tells the same again.
"""

import argparse
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

T0 = 1_700_000_000_000_000_000
STEP = 3_000_000_000


def hold(true, what):
    """A law; *what* says how it is broken."""
    if not true:
        raise AssertionError(what)


class Source:
    """Times and contents, none of them twice."""

    def __init__(self):
        self.count = 0

    def tick(self):
        """A later time."""
        self.count += 1
        return T0 + self.count * STEP

    def word(self, n):
        self.count += 1
        return f"{self.count:0{n}d}".encode()

    def line(self, path):
        word = self.word(8).decode()
        if path.endswith(".jsonl"):
            return f'{{"ts": {int(word)}, "id": "{word}"}}\n'.encode()
        return f"line {word}\n".encode()

    def content(self, path):
        return self.line(path) if path.endswith(".jsonl") else (
            b"new content " + self.word(11) + b"\n")


def attempt(story):
    """(what is wrong, what happened how often) of a story that is there to be
    played and closed."""
    try:
        story.play()
    except AssertionError as broken:
        return str(broken).splitlines() or ["broken"], story.happened
    except Exception as trouble:  # a broken story must name its number
        return [f"{type(trouble).__name__}: {trouble}"], story.happened
    finally:
        story.close()
    return [], story.happened


def parser_for(doc):
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", nargs="*", type=int)
    parser.add_argument("--seeds", type=int, default=0, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count())
    return parser


def tell_all(options, play, broken=None):
    """Tell the stories asked for, the named ones aloud; how many went wrong.
    *broken* is called with the seed of each that did."""
    bad, happened = 0, Counter()
    for seed in options.seed:
        lines, _ = play(seed, print)
        bad += bool(lines)
        print("\n".join(lines) or f"seed {seed}: all is well")
    many = range(options.first, options.first + options.seeds)
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, (lines, counts) in zip(many, pool.map(play, many,
                                                        chunksize=8)):
            happened.update(counts)
            if lines:
                bad += 1
                print(f"seed {seed}: " + "\n    ".join(lines[:6]), flush=True)
                if broken is not None:
                    broken(seed)
    if options.seeds:
        print(", ".join([f"{options.seeds} seeds", f"{bad} went wrong"]
                        + [f"{n} {what}" for what, n in
                           sorted(happened.items())]))
    return bad
