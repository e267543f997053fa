"""Tables for people, and a chart."""

import html
import math
import os
import platform
import subprocess
import tempfile
from dataclasses import dataclass

import bed
import measure
import rows

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"

# So much longer ten times as many files may take.
TENFOLD = 11


@dataclass
class Result:
    """A row as it was measured on one tree."""
    row: rows.Row
    shape: str
    size: str
    figures: list[measure.Figures]

    def named(self, name):
        return next((f for f in self.figures if f.name == name), None)

    def tree(self):
        files = "files of 256 MiB" if self.shape == "large" else \
            f"{self.shape} files" if self.shape == "small" else \
            f"files, {self.shape}"
        return f"{self.size} {files}"


@dataclass
class Machine:
    """Where it was, without names."""
    where: str
    cold: bool
    runs: int
    load: list[float]
    took: float

    def lines(self):
        with open("/proc/meminfo", encoding="ascii") as f:
            memory = int(f.readline().split()[1]) / 1024 ** 2
        kind = subprocess.run(
            ["df", "--output=fstype", self.where or tempfile.gettempdir()],
            stdout=subprocess.PIPE, text=True,
            check=False).stdout.split()[-1]
        return (f"{os.cpu_count()} processors, {memory:.0f} GB, "
                f"{platform.system()} {platform.release().split('-')[0]}, "
                f"{kind}; at most {self.runs} rounds, caches "
                f"{'cold' if self.cold else 'warm'}. It took "
                f"{self.took / 60:.0f} minutes. The load was between "
                f"{min(self.load):.1f} and {max(self.load):.1f}: what is "
                "measured makes about 1 of that, or 2 where it uses both "
                "processors; the rest is other people's work.\n")


def seconds(value):
    if value < 0.1:
        return f"{value * 1000:.1f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def bytes_of(value):
    return f"{value / 1e6:.1f} MB" if value else "–"


def ratio(ours, other):
    return f"{ours / other:.2f}" if other else "–"


def show(out, result):
    out.write(f"\n#### {result.row.title}\n\n"
              "| | runs | least | median | ratio | CPU | ratio | memory |\n"
              "|---|---:|---:|---:|---:|---:|---:|---:|\n")
    ours = result.figures[0]
    for f in result.figures:
        first = f is ours
        out.write(
            f"| {f.name} | {len(f.costs)} | {seconds(f.least())} | "
            f"{seconds(f.middle())} | "
            f"{'' if first else ratio(ours.middle(), f.middle())} | "
            f"{seconds(f.middle('cpu'))} | "
            f"{'' if first else ratio(ours.middle('cpu'), f.middle('cpu'))} | "
            f"{bytes_of(f.middle('memory'))} |\n")


# ---- what was promised ----

def goals(out, found):
    """Only of what is large enough to say something."""
    out.write("\n| at | promise | least | median | CPU | |\n"
              "|---|---|---:|---:|---:|---|\n")
    for result in found:
        for one, two, limit in result.row.goals:
            ours, other = result.named(one), result.named(two)
            if ours is None or other is None or \
                    bed.number(result.size) in range(5, 5000):
                continue
            least = ours.least() / other.least()
            cpu = ours.least("cpu") / (other.least("cpu") or 1)
            verdict = "kept" if least <= limit else \
                "kept by CPU" if cpu <= limit else "**missed**"
            out.write(
                f"| {result.tree()} | {result.row.title}: {one} ≤ {limit} × "
                f"{two} | {least:.2f} | "
                f"{ratio(ours.middle(), other.middle())} | "
                f"{ratio(ours.middle('cpu'), other.middle('cpu'))} | "
                f"{verdict} |\n")


def tenfold(few, many, steps):
    return (many / few) ** (1 / steps) if few > 0 and many > 0 else 0


def growth(out, found):
    """What ten times as many files cost, for all of ours."""
    out.write("\n| row | | from | to | time × | CPU × | memory × | |\n"
              "|---|---|---:|---:|---:|---:|---:|---|\n")
    small = [r for r in found if r.shape == "small"]
    for few in small:
        later = [r for r in small if r.row is few.row
                 and bed.number(r.size) > bed.number(few.size)]
        if not later:
            continue
        many = later[0]
        steps = math.log10(bed.number(many.size) / bed.number(few.size))
        for f in few.figures:
            g = many.named(f.name)
            if not f.name.startswith("coldsync") or g is None:
                continue
            by = [tenfold(f.least(what), g.least(what), steps)
                  for what in ("wall", "cpu")]
            by.append(tenfold(f.middle("memory"), g.middle("memory"), steps))
            good = by[1] <= TENFOLD and by[2] <= TENFOLD
            out.write(f"| {few.row.title} | {f.name} | {few.size} | "
                      f"{many.size} | {by[0]:.1f} | {by[1]:.1f} | "
                      f"{by[2]:.1f} | {'kept' if good else '**missed**'} |\n")


# ---- the chart: for each row, everybody's time as a part of the slowest's ----

BAR, GAP, LEFT, WIDE = 16, 6, 250, 420


def bars(found):
    for result in found:
        slowest = max(f.middle() for f in result.figures)
        yield f"{result.row.title}, {result.tree()}", None, None
        for f in result.figures:
            yield f.name, f.middle(), f.middle() / slowest


def chart(found):
    lines, y = [], 10
    for name, value, part in bars(found):
        text = html.escape(name)
        if value is None:
            y += GAP
            lines.append(f'<text x="10" y="{y + 12}" class="t">{text}</text>')
        else:
            ours = ' class="us"' if name.startswith("coldsync") else ""
            width = max(1, part * WIDE)
            lines.append(
                f'<text x="{LEFT - 8}" y="{y + 12}" class="n">{text}</text>'
                f'<rect x="{LEFT}" y="{y}" width="{width:.0f}" '
                f'height="{BAR}"{ours}/>'
                f'<text x="{LEFT + width + 6:.0f}" y="{y + 12}">'
                f'{seconds(value)}</text>')
        y += BAR + GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {LEFT + WIDE + 100} {y + 10}" '
            'font-family="sans-serif" font-size="12">\n<style>'
            'rect{fill:#9aa5b1}rect.us{fill:#1f77b4}text{fill:#333}'
            '.t{font-weight:bold}.n{text-anchor:end}'
            '@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>\n'
            + "\n".join(lines) + "\n</svg>\n")


def figures_page(f, found, machine):
    f.write("\n" + machine.lines())
    f.write("\n### Promises\n")
    goals(f, found)
    f.write("\n### Ten times as many files\n")
    growth(f, found)
    f.write("\n![the rows on the largest tree of small files, as bars]"
            "(performance.svg)\n")
    tree = None
    for result in found:
        if result.tree() != tree:
            tree = result.tree()
            f.write(f"\n### {tree}\n")
        show(f, result)
    f.write("\n")


def write(docs, found, machine):
    """Between the marks of docs/performance.md, and performance.svg."""
    path = os.path.join(docs, "performance.md")
    with open(path, encoding="utf-8") as f:
        before, _, rest = f.read().partition(BEGIN)
        after = rest.partition(END)[2]
    with open(path, "w", encoding="utf-8") as f:
        f.write(before + BEGIN)
        figures_page(f, found, machine)
        f.write(END + after)
    shown = [r for r in found if r.shape == "small" and r.size == "100k"]
    with open(os.path.join(docs, "performance.svg"), "w",
              encoding="utf-8") as f:
        f.write(chart(shown or found))
