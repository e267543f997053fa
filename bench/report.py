"""Tables for people, and a chart."""

import html
import os
import platform

BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def show(out, row, shape, size, figures):
    goal = f", goal ≤ {row.goal} × the second" if row.goal else ""
    out.write(f"\n### {row.title}: {size} files, {shape}{goal}\n\n"
              "| | median | least – most | ratio | CPU | memory |\n"
              "|---|---:|---:|---:|---:|---:|\n")
    mine = figures[0].middle()
    for f in figures:
        low, high = f.spread()
        ratio = "" if f is figures[0] else f"{mine / f.middle():.2f}"
        out.write(f"| {f.name} | {seconds(f.middle())} | "
                  f"{seconds(low)} – {seconds(high)} | {ratio} | "
                  f"{seconds(f.middle('cpu'))} | "
                  f"{f.middle('memory') / 1e6:.1f} MB |\n")


# ---- the chart: for each row, our time as a part of each other's ----

BAR, GAP, LEFT, WIDE = 16, 6, 250, 420


def bars(found):
    for row, _, size, figures in found:
        slowest = max(f.middle() for f in figures)
        yield f"{row.title}, {size} files", None, None
        for f in figures:
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


def write(docs, found, options):
    """Between the marks of docs/performance.md, and performance.svg."""
    path = os.path.join(docs, "performance.md")
    with open(path, encoding="utf-8") as f:
        before, _, rest = f.read().partition(BEGIN)
        after = rest.partition(END)[2]
    with open(path, "w", encoding="utf-8") as f:
        f.write(before + BEGIN)
        f.write(f"\n{os.cpu_count()} processors, {platform.system()}, "
                f"{options.runs} rounds, "
                f"{'cold' if options.cold else 'warm'}.\n")
        for row, shape, size, figures in found:
            show(f, row, shape, size, figures)
        f.write("\n![the same figures as bars](performance.svg)\n\n")
        f.write(END + after)
    with open(os.path.join(docs, "performance.svg"), "w",
              encoding="utf-8") as f:
        f.write(chart(found))
