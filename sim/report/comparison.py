"""What is different between two runs of the same scenarios, worst first."""

from dataclasses import dataclass

from markup import escape, number, pair, table, verdict

ROWS_MAX = 100
# Which figures are compared, and by how much one has to grow to be one step worse; negative: to fall.
STREAM_STEPS = {"delay_mean_ms": 1, "added_delay_ms": 1, "delay_max_ms": 2, "heard_percent": -0.1, "concealed_percent": 0.1,
                "gaps": 10, "gap_longest_ms": 2.5, "skipped_frames": 128, "repeated_frames": 128, "recovery_ms": 20,
                "lost_percent": 0.1, "late": 10, "resets": 1, "click_dbfs": 3, "level_db": 0.5}
TO_EITHER_SIDE = {"level_db"}  # 0 is right, and what is below is as wrong as what is above
PLAYER_STEPS = {"joined_after_ms": 20, "hears": -1, "heard_by": -1}
MEASURED_NO_MORE = 1000.0  # steps: worse than any figure is likely to become


@dataclass
class Difference:
    scenario: str
    who: str
    figure: str
    before: float | None
    after: float | None
    steps_worse: float


def occurrences(scenarios):
    """By name and how often that came before, as one file may have a scenario more than once."""
    seen, named = {}, {}
    for scenario in scenarios:
        name = scenario["name"]
        seen[name] = seen.get(name, 0) + 1
        named[name, seen[name]] = scenario
    return named


def pairs(before, after):
    """(scenario before, scenario after), either None where only one run has it; in the order of `after`."""
    earlier, later = occurrences(before["scenarios"]), occurrences(after["scenarios"])
    return ([(earlier.get(key), scenario) for key, scenario in later.items()]
            + [(scenario, None) for key, scenario in earlier.items() if key not in later])


def steps_between(before, after, step):
    """How many steps worse; 0 if nothing is different."""
    if before is None and after is None:
        return 0.0
    if after is None or before is None:
        return MEASURED_NO_MORE if after is None else -MEASURED_NO_MORE
    return (after - before) / step


def distance(value):
    return None if value is None else abs(value)


def of_figures(scenario, who, before, after, figures):
    for figure, step in figures.items():
        values = before.get(figure), after.get(figure)
        worse = steps_between(*(map(distance, values) if figure in TO_EITHER_SIDE else values), step)
        if figure == "recovery_ms" and None in values:
            continue  # no fault in one of them
        if worse:
            yield Difference(scenario, who, figure, *values, worse)


def differences(before, after):
    """All of one scenario."""
    name = after["name"]
    rules = after["violations_count"] - before["violations_count"]
    if rules:
        yield Difference(name, "world", "violations", before["violations_count"], after["violations_count"],
                         MEASURED_NO_MORE * rules)
    earlier = {(stream["listener"], stream["sender"]): stream for stream in before["streams"]}
    for stream in after["streams"]:
        who = stream["listener"], stream["sender"]
        if who in earlier:
            yield from of_figures(name, pair(*who), earlier[who], stream, STREAM_STEPS)
    earlier = {player["name"]: player for player in before["players"]}
    for player in after["players"]:
        if player["name"] in earlier:
            yield from of_figures(name, player["name"], earlier[player["name"]], player, PLAYER_STEPS)


def worst_first(matched):
    found = [each for before, after in matched if before and after for each in differences(before, after)]
    return sorted(found, key=lambda each: -each.steps_worse)


def change(each):
    if each.before is None or each.after is None:
        return "no more measured" if each.after is None else "measured now"
    sign = "+" if each.after > each.before else ""
    return sign + number(each.after - each.before)


def result_words(scenario):
    return "passed" if scenario["passed"] else "FAILED"


def notes(matched):
    """In words, what is not in the table."""
    for before, after in matched:
        if before is None or after is None:
            which = "after" if before is None else "before"
            yield f"Only the run {which} has {(after or before)['name']}."
        elif before["seed"] != after["seed"]:
            yield f"{after['name']}: seed {before['seed']} before, {after['seed']} after: not the same draws."
        elif before["passed"] != after["passed"]:
            yield f"{after['name']}: {result_words(before)} before, {result_words(after)} after."


def parts(matched):
    found = worst_first(matched)
    worse = sum(each.steps_worse > 0 for each in found)
    yield '<section id="comparison"><h2>What is different</h2>'
    yield f"<p>{worse} figures are worse after than before, {len(found) - worse} are better.</p>"
    yield from (f"<p>{escape(note)}</p>" for note in notes(matched))
    rows = [(each.scenario, each.who, each.figure, verdict(each.steps_worse < 0, "better", "worse"),
             number(each.before), number(each.after), change(each)) for each in found[:ROWS_MAX]]
    if rows:
        yield table("Differences", ("scenario", "who", "figure", "it is", "before", "after", "change"), rows,
                    text_columns=4)
        figures = STREAM_STEPS | PLAYER_STEPS
        steps = ", ".join(f"{abs(step):g} of {figure}" for figure, step in figures.items())
        yield f'<p class="note">Worst first, in steps of: {steps}.</p>'
    if len(found) > ROWS_MAX:
        rest = found[ROWS_MAX:]
        rest_worse = sum(each.steps_worse > 0 for each in rest)
        yield (f"<p>{len(rest)} smaller ones are not shown: {rest_worse} worse, {len(rest) - rest_worse} "
               "better.</p>")
    yield "</section>"
