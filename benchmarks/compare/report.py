#!/usr/bin/env python3
"""Makes results.md and results.svg of results.json.

Run as a program, it does so again: benchmarks/compare/report.py build/bench
"""

import json
import statistics
import sys
from pathlib import Path

import plot
from servers import SERVERS

BASE = "beast"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


# -- figures -------------------------------------------------------------------

def figure(scenario, found):
    """What counts of a run: bytes a connection, or CPU time an operation."""
    if scenario == "idle":
        return found["server_bytes_per_connection"]
    return found["server_cpu_us"]


def median(runs, scenario, server):
    """Medians of the runs that went well, nothing if there are none."""
    good = [run["report"] for run in runs if run["scenario"] == scenario
            and run["server"] == server and not run["failure"]]
    if not good:
        return None
    figures = [figure(scenario, x) for x in good]
    return {
        "scenario": scenario,
        "figure": statistics.median(figures),
        "least": min(figures),
        "most": max(figures),
        "p50": statistics.median(x["latency_us"]["p50"] for x in good),
        "p99": statistics.median(x["latency_us"]["p99"] for x in good),
    }


def text_of(found):
    if not found:
        return "failed"
    if found["scenario"] == "idle":
        return f"{found['figure']:,.0f} B"
    return f"{found['figure']:.2f} us"


def base_of(results):
    return BASE if BASE in results["servers"] else results["servers"][0]


def ratio(results, scenario, server):
    ours = median(results["runs"], scenario, server)
    base = median(results["runs"], scenario, base_of(results))
    if not ours or not base or base["figure"] <= 0:
        return None
    return ours["figure"] / base["figure"]


# -- table ---------------------------------------------------------------------

def table(results):
    base = SERVERS[base_of(results)].title
    lines = [
        f"Server CPU time an operation in microseconds (idle: resident bytes a "
        f"connection): medians of {results['rounds']} rounds of "
        f"{results['seconds']:g} s, {results['threads']} threads a server.",
        f"Commit {results['commit']}; {results['machine']}. "
        f"Only the ratios carry over to other machines.",
        "",
        f"| scenario | server | CPU us/op | least - most | ratio to {base} "
        f"| p50 us | p99 us |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for scenario in results["scenarios"]:
        for server in results["servers"]:
            found = median(results["runs"], scenario, server)
            title = SERVERS[server].title
            if not found:
                lines.append(f"| {scenario} | {title} | failed | | | | |")
                continue
            digits = 0 if scenario == "idle" else 2
            times = ratio(results, scenario, server)
            lines.append(
                f"| {scenario} | {title} | {text_of(found)} "
                f"| {found['least']:,.{digits}f} - {found['most']:,.{digits}f} "
                f"| {f'{times:.2f}' if times else ''} "
                f"| {found['p50']:,.0f} | {found['p99']:,.0f} |")
    return "\n".join(lines) + "\n"


def write(results, folder):
    (folder / "results.md").write_text(table(results))
    (folder / "results.svg").write_text(plot.bars(
        "Cost of an operation, "
        f"{SERVERS[base_of(results)].title} = 1 (less is better)",
        [SERVERS[name].title for name in results["servers"]],
        {scenario: [ratio(results, scenario, name)
                    for name in results["servers"]]
         for scenario in results["scenarios"]}))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write(json.loads((folder / "results.json").read_text()), folder)
