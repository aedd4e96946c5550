#!/usr/bin/env python3
"""Loads servers in turn and writes what they used: see scripts/bench --help."""

import argparse
import json
import os
import platform
import subprocess
import sys

import report
from measuring import allow_descriptors, cpus, load, running
from servers import (OUT, PEERS_AND_US, ROOT, SERVERS, Unavailable,
                     build_targets)

DESCRIPTION = """
Measures what an operation costs, Flamigo beside peers that do the same: CPU
time of the server, because that does not depend on how fast the load is.
Writes build/bench/results.json, results.md and results.svg.
"""


def scenarios(idle):
    fanout = "fanout --connections 100 --publishers 4 --depth"
    return {
        "request-64x1": "request --connections 64 --depth 1",
        "request-64x16": "request --connections 64 --depth 16",
        "request-1000x1": "request --connections 1000 --depth 1",
        "fanout-1000": "fanout --connections 1000 --lockstep",
        "fanout-100-4x4": f"{fanout} 4",
        "fanout-100-4x16": f"{fanout} 16",
        "idle": f"idle --connections {idle}",
        "churn-64": "churn --connections 64",
    }


def say(text):
    print(f"flamigo: {text}", file=sys.stderr, flush=True)


def parse_arguments():
    names = list(scenarios(0))
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=DESCRIPTION,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5,
                        help="times that each server is measured; the medians "
                             "are what counts")
    parser.add_argument("--seconds", type=float, default=2,
                        help="that each measurement takes")
    parser.add_argument("--scenarios", default=",".join(names),
                        help="which of them, with commas")
    parser.add_argument("--servers", default="flamigo and each peer that can "
                        "be built here",
                        help="of " + ",".join(SERVERS) + ", with commas")
    parser.add_argument("--threads", type=int, default=1, help="of each server")
    parser.add_argument("--idle", type=int, default=10000,
                        help="connections of the scenario idle")
    result = parser.parse_args()
    result.scenarios = result.scenarios.split(",")
    for name in result.scenarios:
        if name not in names:
            parser.error(f"there is no scenario {name}: {', '.join(names)}")
    wanted = []
    if result.servers != parser.get_default("servers"):
        wanted = result.servers.split(",")
    for name in wanted:
        if name not in SERVERS:
            parser.error(f"there is no server {name}: {', '.join(SERVERS)}")
    if min(result.rounds, result.threads, result.idle) < 1:
        parser.error("--rounds, --threads and --idle are at least 1")
    return result, wanted


def build(wanted):
    """Returns the names of the servers that are there now."""
    build_targets("flamigo-load")
    built = []
    for name in wanted or PEERS_AND_US:
        say(f"building {name}.")
        try:
            SERVERS[name].build()
            built.append(name)
        except Unavailable as why:
            if wanted:
                raise SystemExit(f"flamigo: {name}: {why}.")
            say(f"{name} is skipped: {why}.")
    return built


def measure(options, names):
    server_cpus, load_cpu = cpus(options.threads)
    if load_cpu is None:
        say("there are too few processors to give the load one of its own: "
            "the figures will be noisy.")
    commands = scenarios(options.idle)
    allow_descriptors(max(options.idle, 1000) + 200)
    runs = []
    for scenario in options.scenarios:
        for number in range(options.rounds):
            for name in names:
                with running(name, options.threads,
                             server_cpus) as (process, port):
                    found, failure = load(commands[scenario], process, port,
                                          options.seconds, load_cpu)
                if failure:
                    say(f"{scenario}, {name}: {failure}")
                runs.append({"scenario": scenario, "server": name,
                             "round": number, "failure": failure,
                             "report": found})
        say(f"{scenario}: " + ", ".join(
            f"{name} {report.text_of(report.median(runs, scenario, name))}"
            for name in names))
    return runs


def main():
    options, wanted = parse_arguments()
    OUT.mkdir(parents=True, exist_ok=True)
    names = build(wanted)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"],
                            cwd=ROOT, stdout=subprocess.PIPE, text=True)
    results = {
        "machine": f"{report.processor()}, {os.cpu_count()} processors, "
                   f"Linux {platform.release()}",
        "commit": commit.stdout.strip(),
        "rounds": options.rounds, "seconds": options.seconds,
        "threads": options.threads, "idle": options.idle,
        "scenarios": options.scenarios, "servers": names,
        "runs": measure(options, names),
    }
    (OUT / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, OUT)
    say(f"written to {OUT.relative_to(ROOT)}/results.md, .svg and .json.")
    print((OUT / "results.md").read_text())
    if any(run["failure"] for run in results["runs"]):
        raise SystemExit("flamigo: not every run went well, see above.")


if __name__ == "__main__":
    main()
