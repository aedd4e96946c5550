#!/usr/bin/env python3
"""Makes results.md and results.svg of results.json.

Run as a program, it does so again: benchmarks/compare/report.py build/bench
"""

import json
import statistics
import sys
from pathlib import Path

import plot

BASE = "beast"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


# -- figures -------------------------------------------------------------------

class Figure:
    """One that counts of a run: its name in the report of the load, what the
    scenario is called in the table, and its unit."""

    def __init__(self, key, unit, suffix="", digits=2):
        self.key = key
        self.unit = unit
        self.suffix = suffix
        self.digits = digits

    def text(self, value):
        return f"{value:,.{self.digits}f}"


MEMORY = Figure("server_bytes_per_connection", "B", ", memory", 0)
QUIET = Figure("server_cpu_idle_ms", "ms/s", ", CPU")
COST = Figure("server_cpu_us", "us")
PLAIN = Figure("server_plain_cpu_us", "us", ", as plain events")
UNSEEN = Figure("server_join_cpu_us", "us", ", without presence")


def figures(scenario):
    """Of which a scenario has several rows in the table."""
    if scenario.startswith("held"):
        return [MEMORY, QUIET]
    if scenario.startswith("idle"):
        return [MEMORY]
    if scenario.startswith("recover"):
        return [COST, PLAIN]
    if scenario.startswith("presence"):
        return [COST, UNSEEN, PLAIN]
    return [COST]


def median(runs, scenario, server, what):
    """Medians of the runs that went well, nothing if there are none."""
    good = [run["report"] for run in runs if run["scenario"] == scenario
            and run["server"] == server and not run["failure"]]
    if not good:
        return None
    values = [x[what.key] for x in good]
    return {
        "figure": statistics.median(values),
        "least": min(values),
        "most": max(values),
        "p50": statistics.median(x["latency_us"]["p50"] for x in good),
        "p99": statistics.median(x["latency_us"]["p99"] for x in good),
    }


def summary(runs, scenario, server):
    found = [(what, median(runs, scenario, server, what))
             for what in figures(scenario)]
    return " and ".join(
        f"{what.text(x['figure'])} {what.unit}" if x else "failed"
        for what, x in found)


def was_tried(results, scenario, server):
    return any(run["scenario"] == scenario and run["server"] == server
               for run in results["runs"])


def base_of(results):
    return BASE if BASE in results["servers"] else results["servers"][0]


def ratio(results, scenario, server, what):
    ours = median(results["runs"], scenario, server, what)
    base = median(results["runs"], scenario, base_of(results), what)
    if not ours or not base or base["figure"] <= 0:
        return None
    return ours["figure"] / base["figure"]


def label_of(scenario, what):
    return scenario + (what.suffix if len(figures(scenario)) > 1 else "")


# -- table ---------------------------------------------------------------------

def row(results, scenario, what, server):
    title = results["titles"][server]
    found = median(results["runs"], scenario, server, what)
    label = label_of(scenario, what)
    if not found:
        return f"| {label} | {title} | failed | | | | |"
    times = ratio(results, scenario, server, what)
    return (f"| {label} | {title} | {what.text(found['figure'])} {what.unit} "
            f"| {what.text(found['least'])} - {what.text(found['most'])} "
            f"| {f'{times:.2f}' if times else ''} "
            f"| {found['p50']:,.0f} | {found['p99']:,.0f} |")


def table(results):
    base = results["titles"][base_of(results)]
    lines = [
        f"Server CPU time an operation in microseconds (idle, held: resident "
        f"bytes a connection, and CPU time a second in milliseconds): medians of "
        f"{results['rounds']} rounds of {results['seconds']:g} s, "
        f"{results['threads']} threads a server if it does not say otherwise.",
        f"Commit {results['commit']}; {results['machine']}. "
        f"Only the ratios carry over to other machines.",
        "",
        *(f"{results['titles'][name]}: {text}."
          for name, text in results["sources"].items()),
        *[""] * bool(results["sources"]),
        f"| scenario | server | figure | least - most | ratio to {base} "
        f"| p50 us | p99 us |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [row(results, scenario, what, server)
              for scenario in results["scenarios"]
              for what in figures(scenario) for server in results["servers"]
              if was_tried(results, scenario, server)]
    return "\n".join(lines) + "\n"


def groups(results):
    return {label_of(scenario, what):
            [ratio(results, scenario, name, what)
             for name in results["servers"]]
            for scenario in results["scenarios"] for what in figures(scenario)}


def write(results, folder):
    (folder / "results.md").write_text(table(results))
    (folder / "results.svg").write_text(plot.bars(
        "Cost of an operation, "
        f"{results['titles'][base_of(results)]} = 1 (less is better)",
        list(results["titles"].values()), groups(results)))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write(json.loads((folder / "results.json").read_text()), folder)
