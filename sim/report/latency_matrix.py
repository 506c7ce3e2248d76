"""Who hears whom how late, against the delay above which playing together suffers."""

from markup import escape, wide
from streams_over_time import ENSEMBLE_MS


def cell_of(stream, before):
    if stream is None:
        return '<td class="none">–</td>'
    delay = stream["delay_mean_ms"]
    if delay is None:
        return '<td class="none">not heard</td>'
    far = round(delay, 1) > ENSEMBLE_MS  # as it is shown
    change = ""
    if before is not None and before["delay_mean_ms"] is not None:
        change = f"<br>{delay - before['delay_mean_ms']:+.1f}"
    return (f'<td class="{"far" if far else "near"}">{delay:.1f} ms<br>'
            f'{"▲ late" if far else "✓ in time"}{change}</td>')


def matrix(scenario, before=None):
    """HTML: a row for each listener, a column for each sender; with the change since `before`, if given."""
    of_pair, earlier = ({(stream["listener"], stream["sender"]): stream for stream in run["streams"]}
                        if run else {} for run in (scenario, before))
    if not of_pair:
        return "<p>Nobody played together with anybody.</p>"
    names = [player["name"] for player in scenario["players"]]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row" class="text">{escape(listener)}</th>'
        + "".join(cell_of(of_pair.get((listener, sender)), earlier.get((listener, sender)))
                  for sender in names)
        + "</tr>\n" for listener in names)
    change = " The third line of a cell is the change since the run before, in ms." if before else ""
    return (wide(f"Latency matrix of {scenario['name']}",
                 '<table class="matrix"><thead><tr><th scope="col" class="text">hears ↓ / plays →</th>'
                 f"{head}</tr></thead><tbody>{rows}</tbody></table>")
            + f'<p class="note">Mean delay from the player’s input to the listener’s output, sound cards aside. '
              f"✓ in time (blue): up to {ENSEMBLE_MS:g} ms, the threshold of playing together. "
              f"▲ late (orange): more.{change}</p>")
