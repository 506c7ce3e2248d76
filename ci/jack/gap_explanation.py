"""Of each gap that a client heard: which packet it lacked, and where on its way that was held up. By what rtjam-sim
reads out of captures of the server and of the listener."""

import csv
import json
import pathlib
import statistics
import subprocess
import tempfile

import programs

NEIGHBOURS = 200  # either way: half a second and more, in which two clocks do not drift apart
LIMIT_SECONDS = 120  # of rtjam-sim's work


def rows_of(file):
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def own_delays(traces):
    """By packet number, how many us longer it was on its way to a place than those around it were in the median.
    traces: files of rtjam-sim's, a sender's lines one after the other; send_us goes by the packet's number."""
    own = {}
    for trace in traces:
        rows = [(int(row["seq"]) % 2**32, float(row["recv_us"]) - float(row["send_us"]))
                for row in rows_of(trace) if row["recv_us"]]
        for i, (number, delay) in enumerate(rows):
            around = rows[max(i - NEIGHBOURS, 0):i + NEIGHBOURS]
            own[number] = delay - statistics.median(other for _, other in around)
    return own


def held_up(at_server, at_listener):
    """In words, given a packet's own delay at both; None where it was not seen."""
    if at_server is None:
        return "not seen at the server"
    before = f"{at_server:.0f} us before the server's socket"
    if at_listener is None:
        return f"{before}, and lost behind it"
    return f"{before}, {at_listener - at_server:.0f} us from there to the listener's"


def describe(gap, period_us, at_server, at_listener):
    """gap: a row of --gaps."""
    parts = [f"{gap['concealed_frames']} frames"]
    if int(gap["last_callback_us"]) > 1.5 * period_us:
        parts.append(f"callbacks were missed for {int(gap['last_callback_us']) - period_us:.0f} us")
    number = gap["missing_seq"]
    if not number:
        return "; ".join([*parts, "no packet was missing"])
    came = int(gap["came_after_us"] or 0)
    when = (f"came {came} us after the callback's time" if came > 0 else
            f"had come {-came} us before the callback's time, but was not fetched" if gap["came_after_us"] else
            "never came")
    return "; ".join([*parts, f"packet {number} {when}", f"held up {held_up(at_server, at_listener)}"])


class GapExplanation:
    """What the programs are to capture by; read once they have ended."""

    def __init__(self, bin_dir, logs, speaker):
        self.sim, self.speaker = pathlib.Path(bin_dir) / "rtjam-sim", speaker
        if not self.sim.exists():
            raise programs.Trouble(f"{self.sim} is missing: build it first")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="gaps-", dir=logs))
        self.server_capture, self.listener_capture = folder / "server.cap", folder / "listener.cap"
        self.server_options = ["--capture", self.server_capture]
        self.listener_options = ["--capture", self.listener_capture]

    def replay(self, capture, *options):
        """Returns what --json has."""
        facts = capture.with_suffix(".json")
        replay = subprocess.run([self.sim, "replay", capture, "--trace-folder", capture.with_suffix(""), "--json",
                                 facts, *options], timeout=LIMIT_SECONDS, capture_output=True, text=True)
        if replay.returncode != 0:
            raise programs.Trouble(f"rtjam-sim replay {capture}: {replay.stderr.strip() or replay.stdout.strip()}")
        return json.loads(facts.read_text(encoding="utf-8"))

    def gaps(self, seconds, period_us):
        """Yields (how many seconds before the listener's end, a description) of each of the last seconds' gaps."""
        gaps = self.listener_capture.with_suffix(".csv")
        self.replay(self.server_capture)
        length_us = 1e6 * self.replay(self.listener_capture, "--gaps", gaps)["seconds"]
        at_server, at_listener = (own_delays(sorted(capture.with_suffix("").glob(f"client-{self.speaker}*.csv")))
                                  for capture in (self.server_capture, self.listener_capture))
        for gap in rows_of(gaps):
            ago_s = (length_us - float(gap["callback_us"])) / 1e6
            if ago_s <= seconds and int(gap["client"]) == self.speaker:
                number = int(gap["missing_seq"] or -1)
                yield ago_s, describe(gap, period_us, at_server.get(number), at_listener.get(number))
