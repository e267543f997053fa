"""Where one tree is measured on, and the rounds."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

import measure
import trees

UNITS = {"k": 1000, "M": 1000000}


def number(text):
    unit = UNITS.get(text[-1])
    return int(text[:-1]) * unit if unit else int(text)


class Bed:
    """A tree, and beside it what each contestant has made of it."""

    def __init__(self, shape, size, where):
        self.shape, self.size, self.files = shape, size, number(size)
        self.top = tempfile.mkdtemp(prefix="coldsync-bench-", dir=where)
        self.home = os.path.join(self.top, "home")
        self.attic = os.path.join(self.top, "attic")
        self.source = os.path.join(self.top, "source")
        for place in (self.home, self.attic, self.source):
            os.mkdir(place)
        trees.SHAPES[shape](self.source, self.files)

    def put_away(self, path):
        """Out of sight until the row ends."""
        if os.path.lexists(path):
            os.rename(path, os.path.join(
                self.attic, str(len(os.listdir(self.attic)))))

    def empty_attic(self):
        subprocess.run(["rm", "-rf", self.attic], check=True)
        os.mkdir(self.attic)

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)


def enough(figure, options, least):
    """Has this one been run often enough? Who is slow is run less often,
    but never less than once, and not less than *least* times."""
    n = len(figure.costs)
    return n >= options.runs or \
        (n >= least and figure.spent() > options.budget)


def rounds(row, bed, options):
    """The contestants take turns, so that a noisy machine is noisy for all
    of them; who has been run often enough drops out."""
    contestants = row.contestants(bed, number(options.patience))
    figures = [measure.Figures(c.name) for c in contestants]
    named = {c.name for c in contestants[:1]}
    named.update(name for goal in row.goals for name in goal[:2])
    for contestant in contestants:
        contestant.once()
    for turn in range(options.runs):
        pairs = [(c, f) for c, f in zip(contestants, figures)
                 if not enough(f, options, 3 if f.name in named else 1)]
        if pairs and row.between is not None:
            row.between(bed.source, turn)
        for contestant, figure in pairs:
            contestant.before()
            os.sync()
            if options.cold:
                measure.drop_caches()
            figure.costs.append(
                measure.run(contestant.command(), contestant.good))
    bed.empty_attic()
    return figures


def measure_tree(shape, size, rows, options):
    """Yields each row with its figures."""
    began = time.monotonic()
    bed = Bed(shape, size, options.where)
    try:
        for row in rows:
            yield row, rounds(row, bed, options)
    finally:
        bed.remove()
        sys.stderr.write(f"{shape} {size}: "
                         f"{time.monotonic() - began:.0f} s\n")
