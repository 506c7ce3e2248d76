"""Small pictures as SVG text: lines over time, and rows of bars. They are as wide as a phone, so that no
letter shrinks there, and a desk shows some beside each other."""

import math
from dataclasses import dataclass

from markup import escape

WIDTH = 360
LEFT, RIGHT, TOP, BOTTOM = 50, 20, 8, 34
PLOT_HEIGHT = 150
COLUMNS_MAX = 150  # that a line or a row of bars has at most
LETTERS = 11.5  # their height
# Told apart by those who see less colour, too (after Okabe and Ito, darker on white); numbers at the lines'
# ends say the same.
COLORS = ("#0072b2", "#d55e00", "#009068", "#9b3f86", "#7a5c00", "#2f92c4", "#222222", "#7f7f7f")


@dataclass
class Line:
    """Points are (x, y); y is None where nothing was seen: a hole in the line. `mark` is written at its end."""
    points: list
    color: str
    look: str = "solid"  # or "before": thin and dashed; or "true": dotted
    mark: str = ""


@dataclass
class Row:
    """Bars of a height from 0 to 1 over equal columns; `lanes` are lists for ticks beneath, true or not."""
    label: str
    color: str
    heights: list
    lanes: tuple = ()


LOOKS = {"solid": 'stroke-width="1.8"', "before": 'stroke-width="1.2" stroke-dasharray="4 2"',
         "true": 'stroke-width="1.8" stroke-dasharray="1 3" stroke-linecap="round"'}
LANE_COLORS = ("#0072b2", "#1a1a1a")


def ticks(low, high, count=5):
    """Round numbers from low to high, some `count` of them."""
    if not high > low:
        return [low]
    raw = (high - low) / count
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * factor for factor in (1, 2, 5, 10) if raw <= unit * factor * 1.0001)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def span_of(values, least):
    """From the smallest to the largest, with some air, and at least so much."""
    low, high = (min(values), max(values)) if values else (0.0, least)
    missing = max(0.0, least - (high - low)) / 2
    air = 0.06 * max(high - low, least)
    return low - missing - air, high + missing + air


def thinned(points):
    """At most two points for each of COLUMNS_MAX columns: its least and its most, so that no peak is lost. A
    column with nothing in it is a hole."""
    per_column = math.ceil(len(points) / COLUMNS_MAX)
    if per_column <= 1:
        return points
    kept = []
    for begin in range(0, len(points), per_column):
        seen = [point for point in points[begin:begin + per_column] if point[1] is not None]
        if not seen:
            kept.append((points[begin][0], None))
            continue
        ends = {min(seen, key=lambda point: point[1]), max(seen, key=lambda point: point[1])}
        kept += sorted(ends)
    return kept


def summed(values):
    """Sums over as many neighbours as make at most COLUMNS_MAX columns; and how many those are."""
    per_column = max(1, math.ceil(len(values) / COLUMNS_MAX))
    return [sum(values[begin:begin + per_column]) for begin in range(0, len(values), per_column)], per_column


class Axes:
    """Where a value is in the picture."""

    def __init__(self, x_span, y_span, height=PLOT_HEIGHT):
        self.x_span, self.y_span, self.height = x_span, y_span, height

    def x(self, value):
        low, high = self.x_span
        return LEFT + (value - low) / ((high - low) or 1.0) * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        low, high = self.y_span
        return TOP + (high - value) / ((high - low) or 1.0) * self.height


def text(x, y, words, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def ruler(x1, y1, x2, y2, color="#ddd", more=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"{more}/>'


def x_axis(axes, label):
    bottom = TOP + axes.height
    parts = [ruler(LEFT, bottom, WIDTH - RIGHT, bottom, "#555")]
    for tick in ticks(*axes.x_span):
        parts.append(ruler(axes.x(tick), bottom, axes.x(tick), bottom + 4, "#555"))
        parts.append(text(axes.x(tick), bottom + 15, f"{tick:g}", "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, bottom + 29, label, "middle"))
    return parts


def picture(height, about, parts):
    return (f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(about)}">'
            + "".join(parts) + "</svg>")


def swatch(color, look="solid"):
    """A piece of such a line, for legends."""
    return (f'<svg viewBox="0 0 34 14" aria-hidden="true"><path d="M2 7h30" fill="none" stroke="{color}" '
            f'{LOOKS[look]}/></svg>')


def captioned(caption, svg):
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"


def path(points, axes):
    """The line's path. A point between two holes is drawn as a dot."""
    pieces, down = [], False
    for index, (x, y) in enumerate(points):
        if y is None:
            down = False
            continue
        at = f"{axes.x(x):.1f} {axes.y(y):.1f}"
        alone = not down and (index + 1 == len(points) or points[index + 1][1] is None)
        pieces.append(f"M{at}h.1" if alone else f"L{at}" if down else f"M{at}")
        down = True
    return "".join(pieces)


def end_marks(lines, axes):
    """Each line's mark to the right of its end, none on another."""
    ends = []
    for line in lines:
        seen = [y for _, y in line.points if y is not None]
        if line.mark and seen:
            ends.append([axes.y(seen[-1]), line])
    ends.sort(key=lambda end: end[0])
    for above, below in zip(ends, ends[1:]):
        below[0] = max(below[0], above[0] + LETTERS)
    lowest = TOP + axes.height
    for end in reversed(ends):
        end[0] = min(end[0], lowest)
        lowest = end[0] - LETTERS
    return [text(WIDTH - RIGHT + 3, y + 4, line.mark, more=f' style="fill:{line.color};font-weight:700"')
            for y, line in ends]


def line_chart(caption, about, lines, x_span, x_label, least_span, threshold=None):
    """`threshold` is a value and what it is: a line across, if it is in sight."""
    lines = [Line(thinned(line.points), line.color, line.look, line.mark) for line in lines]
    axes = Axes(x_span, span_of([y for line in lines for _, y in line.points if y is not None], least_span))
    parts = []
    for tick in ticks(*axes.y_span):
        parts.append(ruler(LEFT, axes.y(tick), WIDTH - RIGHT, axes.y(tick)))
        parts.append(text(LEFT - 5, axes.y(tick) + 4, f"{tick:g}", "end"))
    parts += x_axis(axes, x_label)
    if not any(y is not None for line in lines for _, y in line.points):
        parts.append(text((LEFT + WIDTH - RIGHT) / 2, TOP + PLOT_HEIGHT / 2, "nothing was heard", "middle"))
    for line in lines:
        parts.append(f'<path d="{path(line.points, axes)}" fill="none" stroke="{line.color}" '
                     f'stroke-linejoin="round" {LOOKS[line.look]}/>')
    if threshold and axes.y_span[0] < threshold[0] < axes.y_span[1]:
        y = axes.y(threshold[0])
        parts += [ruler(LEFT, y, WIDTH - RIGHT, y, "#a03000", ' stroke-dasharray="8 4"'),
                  text(LEFT + 4, y - 4, threshold[1])]
    parts += end_marks(lines, axes)
    return captioned(caption, picture(TOP + PLOT_HEIGHT + BOTTOM, about, parts))


LABEL_HEIGHT, LANE_HEIGHT, ROW_GAP = 14, 6, 6


def row_chart(caption, about, rows, x_span, x_label, bar_height, scale=()):
    """A row of bars each, with its label above. `scale`: heights with their names, beside each row."""
    lanes = max([len(row.lanes) for row in rows] + [0])
    row_height = LABEL_HEIGHT + bar_height + ROW_GAP + LANE_HEIGHT * lanes
    axes = Axes(x_span, (0, 1), max(1, len(rows)) * row_height)
    parts = []
    for index, row in enumerate(rows):
        top = TOP + index * row_height
        base = top + LABEL_HEIGHT + bar_height
        parts += [text(LEFT, top + 9, row.label), ruler(LEFT, base, WIDTH - RIGHT, base, "#bbb")]
        for height, name in scale:
            y = base - height * bar_height
            parts += [ruler(LEFT - 3, y, LEFT, y, "#555"), text(LEFT - 5, y + 4, name, "end")]
        parts.append(bars(row.heights, row.color, base, bar_height))
        for lane, seen in enumerate(row.lanes):
            parts.append(lane_ticks(seen, LANE_COLORS[lane], base + 1 + lane * LANE_HEIGHT))
    parts += x_axis(axes, x_label)
    return captioned(caption, picture(TOP + axes.height + BOTTOM, about, parts))


def column_place(index, count):
    each = (WIDTH - LEFT - RIGHT) / count
    return LEFT + index * each, each


def bars(heights, color, base, bar_height):
    """One path of all bars; the smallest is still to be seen."""
    pieces = []
    for index, height in enumerate(heights):
        if height <= 0:
            continue
        x, each = column_place(index, len(heights))
        tall = max(2.0, min(1.0, height) * bar_height)
        pieces.append(f"M{x:.1f} {base:.1f}v{-tall:.1f}h{max(1.0, each * 0.9):.1f}v{tall:.1f}z")
    return f'<path d="{"".join(pieces)}" fill="{color}"/>'


def lane_ticks(seen, color, top):
    pieces = []
    for index, is_there in enumerate(seen):
        if is_there:
            x, each = column_place(index, len(seen))
            pieces.append(f"M{x + each / 2:.1f} {top:.1f}v{LANE_HEIGHT - 1}")
    return f'<path d="{"".join(pieces)}" stroke="{color}" stroke-width="1.6" fill="none"/>'
