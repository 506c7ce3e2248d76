"""What each listener hears over time: one group of pictures for each, a line or a row for each sender."""

import math
from itertools import count

import charts
from charts import Line, Row
from markup import escape

FRAMES_PER_MS = 48  # RTJam plays at 48 kHz
LISTENERS_MAX = 8  # with pictures, those who hear worst; the tables have everybody
SENDERS_MAX = 8  # in each picture
NAME_MAX = 10  # letters of a sender that fit into a row; the number stands for a longer one
SHARE_LEAST = 1e-4  # bars are logarithmic from here to 1
SHARE_SCALE = ((0.0, "0.01 %"), (1.0, "100 %"))
MARKS_HEIGHT, JITTER_HEIGHT = 18, 34  # of the highest bar
BLACK = "#1a1a1a"
ENSEMBLE_MS = 25.0  # above it playing together suffers
JITTER_STEPS = 400  # that rtjam-sim counts; what is slower is in the last


def by_pair(scenario):
    """The histories by (listener, sender)."""
    if scenario is None:
        return {}
    return {(history["listener"], history["sender"]): history for history in scenario["histories"]}


def badness(stream):
    """Who was never heard is worst, then who was made up most, then who was latest."""
    parts = (stream["concealed_percent"], stream["delay_mean_ms"])
    return tuple(math.inf if part is None else part for part in parts)


def listeners_of(scenario):
    """The listeners that have histories, with their streams; of both the worst, in the scenario's order."""
    known = by_pair(scenario)
    groups = {}
    for stream in scenario["streams"]:
        if (stream["listener"], stream["sender"]) in known:
            groups.setdefault(stream["listener"], []).append(stream)
    worst = sorted(groups, key=lambda name: max(map(badness, groups[name])), reverse=True)[:LISTENERS_MAX]
    for listener in groups:
        if listener in worst:
            chosen = sorted(groups[listener], key=badness, reverse=True)[:SENDERS_MAX]
            yield listener, [stream["sender"] for stream in groups[listener] if stream in chosen], groups[listener]


def seconds(history, index):
    return index * history["step_ms"] / 1000


def points(history, name):
    return [(seconds(history, index), value) for index, value in enumerate(history[name])]


def reach(histories):
    """The time that they reach over, in seconds."""
    return 0.0, max([seconds(history, len(history["lost"])) for history in histories] or [1.0]) or 1.0


def share_height(share):
    if share <= 0:
        return 0.0
    return max(0.05, math.log(max(share, SHARE_LEAST) / SHARE_LEAST) / math.log(1 / SHARE_LEAST))


def total(history, name):
    return sum(value or 0 for value in history[name])


def marks_row(label, color, history):
    """What was made up, lost and late, in words and over time."""
    made_up, per_column = charts.summed([value or 0 for value in history["concealed_frames"]])
    frames = FRAMES_PER_MS * history["step_ms"] * per_column
    lanes = tuple([each > 0 for each in charts.summed([value or 0 for value in history[name]])[0]]
                  for name in ("lost", "late"))
    words = (f"{label}: {total(history, 'concealed_frames') / FRAMES_PER_MS:.1f} ms made up, "
             f"{total(history, 'lost'):g} lost, {total(history, 'late'):g} late")
    return Row(words, color, [share_height(each / frames) for each in made_up], lanes)


def within(packets, share, step_ms):
    """In words, within how many ms of the fastest that share of the packets came."""
    wanted, so_far = share * sum(packets), 0
    for index, each in enumerate(packets):
        so_far += each
        if so_far >= wanted - 1e-9:
            break
    if index + 1 >= JITTER_STEPS:
        return f"over {index * step_ms:g} ms"
    return f"within {(index + 1) * step_ms:g} ms"


def jitter_row(label, color, history, steps):
    packets = history["jitter_packets"]
    if not sum(packets):
        return Row(f"{label}: no packets", color, [])
    filled = packets + [0] * (steps - len(packets))
    columns, _ = charts.summed(filled)
    step_ms = history["jitter_step_ms"]
    words = f"{label}: half {within(packets, 0.5, step_ms)}, 99.9 % {within(packets, 0.999, step_ms)}"
    return Row(words, color, [share_height(each / sum(packets)) for each in columns])


class Group:
    """The pictures of one listener: `pairs` are (sender, number, colour, history, history before or None)."""

    def __init__(self, listener, pairs):
        self.listener, self.pairs = listener, pairs
        self.all = [history for *_, now, before in pairs for history in (now, before) if history]

    def lines(self, name, truth=None):
        alone = len(self.pairs) == 1
        for _, number, color, now, before in self.pairs:
            if before:
                yield Line(points(before, name), color, "before")
            if truth:
                yield Line(points(now, truth), color, "true")
            yield Line(points(now, name), color, "solid", "" if alone else f"{number}")

    def about(self, what, name, unit):
        """For those who do not see the picture."""
        parts = []
        for sender, *_, now, _ in self.pairs:
            seen = [value for value in now[name] if value is not None]
            extent = f"{min(seen):.1f} to {max(seen):.1f} {unit}" if seen else "nothing seen"
            parts.append(f"{sender} {extent}")
        return f"{what} at {self.listener} over time: " + "; ".join(parts)

    def line_chart(self, what, name, unit, least_span, **more):
        truth = more.pop("truth", None)
        return charts.line_chart(f"{what}, {unit}", self.about(what, name, unit), list(self.lines(name, truth)),
                                 reach(self.all), "time, s", least_span, **more)

    def rows(self, make):
        rows = []
        for sender, number, color, now, before in self.pairs:
            if before:
                rows += [make(f"{number} before", color, before), make(f"{number} after", color, now)]
            else:
                label = f"{number} {sender}" if len(sender) <= NAME_MAX else f"{number}"
                rows.append(make(label, color, now))
        return rows

    def marks_chart(self):
        rows = self.rows(marks_row)
        return charts.row_chart("Made up (bars), lost (upper ticks), late (lower)",
                                f"losses at {self.listener}: " + "; ".join(row.label for row in rows), rows,
                                reach(self.all), "time, s", MARKS_HEIGHT, SHARE_SCALE)

    def jitter_chart(self):
        steps = max([len(history["jitter_packets"]) for history in self.all] + [1])
        step_ms = max(history["jitter_step_ms"] for history in self.all)
        rows = self.rows(lambda label, color, history: jitter_row(label, color, history, steps))
        return charts.row_chart("Jitter (bars: share of the packets)",
                                f"jitter at {self.listener}: " + "; ".join(row.label for row in rows), rows,
                                (0.0, steps * step_ms), "ms longer than the fastest packet", JITTER_HEIGHT,
                                (SHARE_SCALE[0], (0.5, "1 %"), SHARE_SCALE[1]))

    def html(self):
        pictures = [
            self.line_chart("Delay, from input to output", "delay_ms", "ms", 1.0,
                            threshold=(ENSEMBLE_MS, f"{ENSEMBLE_MS:g} ms")),
            self.line_chart("Buffer margin, the least", "margin_ms", "ms", 1.0,
                            threshold=(0.0, "below: too late")),
            self.line_chart("Sender's clock against the listener's", "clock_ppm", "ppm", 4.0,
                            truth="clock_true_ppm"),
            self.marks_chart(),
            self.jitter_chart()]
        return f'<div class="charts">{"".join(pictures)}</div>'


def keys(pairs, is_comparison):
    items = [f"<li>{charts.swatch(color)}{number} {escape(sender)}</li>" for sender, number, color, *_ in pairs]
    if is_comparison:
        items += [f"<li>{charts.swatch(BLACK)}after</li>", f"<li>{charts.swatch(BLACK, 'before')}before</li>"]
    items.append(f"<li>{charts.swatch(BLACK, 'true')}clock: what is true</li>")
    return f'<ul class="keys">{"".join(items)}</ul>'


def parts(scenario, before):
    """HTML; `before` is the same scenario in an earlier run, or None."""
    known, earlier = by_pair(scenario), by_pair(before)
    shown = 0
    for listener, senders, streams in listeners_of(scenario):
        shown += 1
        pairs = [(sender, number, color, known[listener, sender], earlier.get((listener, sender)))
                 for sender, number, color in zip(senders, count(1), charts.COLORS)]
        note = f" (the worst {len(senders)} of {len(streams)} senders)" if len(senders) < len(streams) else ""
        yield f"<h3>What {escape(listener)} hears{note}</h3>"
        yield keys(pairs, any(pair[-1] for pair in pairs))
        yield Group(listener, pairs).html()
    listeners = len({listener for listener, _ in known})
    if shown < listeners:
        yield (f'<p class="note">Shown are the {shown} of {listeners} listeners who hear worst; '
               "the tables have all.</p>")
