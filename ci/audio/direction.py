"""One direction of a jam, measured from its files: what one client sent, what the other recorded, and both
clients' counters."""

import dataclasses
import json
import os

import recording
import wav

HEARD_S_MIN = 12.0
CLEAN_CORRELATION_MIN = 0.99
# Nothing on the way changes the level: this is room for nothing but how it is measured. It is a median over windows,
# which concealed ones do not move as long as they are fewer than half, so it holds on a bad line too.
GAIN_TOLERANCE = 0.01
ECHO_DB_MAX = -60.0


@dataclasses.dataclass
class Client:
    """Files of one rtjam-client with the file backend."""
    sent: str
    recorded: str
    stats_json: str

    @classmethod
    def in_folder(cls, folder, name):
        """By the names that everything in ci/ uses."""
        return cls(*(os.path.join(folder, name + end) for end in (".sent.wav", ".heard.wav", ".json")))

    def stats(self):
        with open(self.stats_json, encoding="utf-8") as file:
            return json.load(file)


class NothingHeard(Exception):
    pass


def read_at(path, rate):
    samples, found = wav.read(path)
    if found != rate or samples.shape[1] != 2:
        raise ValueError(f"{path}: {samples.shape[1]} channels at {found} Hz, not stereo at {rate} Hz")
    return samples


def measure(sender, recorder):
    """Everything that is known about the sound from sender to recorder (both of type Client), as one flat
    dictionary."""
    sender_stats, recorder_stats = sender.stats(), recorder.stats()
    rate = recorder_stats["sample_rate"]
    sent, recorded, own = (read_at(path, rate) for path in (sender.sent, recorder.recorded, recorder.sent))
    found = recording.compare(sent, recorded, own, rate)
    if found is None:
        raise NothingHeard(f"{recorder.recorded} does not hold what {sender.sent} has")
    stream = next((s for s in recorder_stats["streams"] if s["id"] == sender_stats["id"]), None)
    if stream is None:
        raise NothingHeard(f"{recorder.stats_json} has no stream of client {sender_stats['id']}")
    expected = stream["packets"] + stream["lost"]
    return {
        "delay_ms": recording.delay_ms(found, rate, sender_stats, recorder_stats),
        **dataclasses.asdict(found),
        "loss_percent": 100 * stream["lost"] / expected if expected else 0.0,
        "counters": stream,
        "recorder_xruns": recorder_stats["xruns"],
    }


def sound_expectations(measured):
    """Yields (what must hold of any jam over any network, whether it does)."""
    heard_s = measured["heard_to_s"] - measured["heard_from_s"]
    yield f"at least {HEARD_S_MIN} s are heard", heard_s >= HEARD_S_MIN
    yield (f"correlation without gaps is at least {CLEAN_CORRELATION_MIN}",
           min(measured["clean_correlation"]) >= CLEAN_CORRELATION_MIN)
    yield (f"gain is 1 +- {GAIN_TOLERANCE} on both sides",
           all(abs(gain - 1) <= GAIN_TOLERANCE for gain in measured["gains"]))
    yield "channels are not swapped", not measured["swapped"]
    echo_db = measured["echo_db"]
    yield f"own sound is below {ECHO_DB_MAX} dB", echo_db is not None and echo_db < ECHO_DB_MAX


def rows(measured):
    """(name, text) pairs for a table that a person reads."""
    m, counters = measured, measured["counters"]

    def pair(values, form="{:.4f}"):
        return " / ".join(form.format(value) for value in values)
    return [
        ("one-way delay", f"{m['delay_ms']:.1f} ms"),
        ("delay steps", f"{m['delay_steps']}"),
        ("heard", f"{m['heard_from_s']:.1f} to {m['heard_to_s']:.1f} s of what was sent"),
        ("correlation, windows without a gap, left / right", pair(m["clean_correlation"])),
        ("windows without a gap", f"{100 * m['clean_fraction']:.1f} %"),
        ("windows in which the delay changes", f"{100 * m['slewed_fraction']:.1f} %"),
        ("correlation, everything heard, left / right", pair(m["overall_correlation"])),
        ("gain, left / right", pair(m["gains"], "{:.3f}")),
        ("correlation across channels, L from R / R from L", pair(m["cross_correlation"])),
        ("channels swapped", "yes" if m["swapped"] else "no"),
        ("own sound in the recording", "not measured" if m["echo_db"] is None else f"{m['echo_db']:.0f} dB"),
        ("gaps heard", f"{m['gaps']} ({m['gap_frames']} frames)"),
        ("frames concealed / skipped", f"{counters['concealed_frames']} / {counters['skipped_frames']}"),
        ("packets received / late", f"{counters['packets']} / {counters['late']}"),
        ("packets lost", f"{counters['lost']} ({m['loss_percent']:.2f} %)"),
        ("xruns of the recorder", f"{m['recorder_xruns']}"),
    ]


def print_table(titles, columns):
    """titles[i] heads columns[i], which is a list of (name, text); all columns have the same names."""
    cells = [["", *titles]] + [[row[0][0], *(text for _, text in row)] for row in zip(*columns)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
