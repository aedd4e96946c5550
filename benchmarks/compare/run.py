#!/usr/bin/env python3
"""Loads servers in turn and writes what they used: see scripts/bench --help."""

import argparse
import json
import os
import platform
import subprocess
import sys

import peers
import report
from measuring import NotStarted, allow_descriptors, cpus, load, running
from servers import (OUT, PEERS_AND_US, ROOT, SERVERS, Unavailable,
                     build_targets)

DESCRIPTION = """
Measures what an operation costs, Flamigo beside peers that do the same: CPU
time of the server, because that does not depend on how fast the load is.
Writes build/bench/results.json, results.md and results.svg.
"""


# A server that fails so often in a scenario will fail again.
FAILURES = 2

# These take long, so they are measured only when they are named.
ON_DEMAND = ("fanout-10000", "held", "recover-1000", "presence-10000",
             "request-1x1", "churn-64-resume")


def scenarios(idle):
    """The commands of the load. `idle` are numbers of connections; with several,
    each is a scenario of its own."""
    fanout = "fanout --connections 100 --publishers 4 --depth"

    def each(name, more=""):
        return {name if len(idle) == 1 else f"{name}-{count}":
                f"idle --connections {count}{more}" for count in idle}

    return {
        "request-1x1": "request --connections 1 --depth 1",
        "request-64x1": "request --connections 64 --depth 1",
        "request-64x16": "request --connections 64 --depth 16",
        "request-1000x1": "request --connections 1000 --depth 1",
        "fanout-1000": "fanout --connections 1000 --lockstep",
        "fanout-100-4x4": f"{fanout} 4",
        "fanout-100-4x16": f"{fanout} 16",
        "fanout-10000": "fanout --connections 10000 --lockstep",
        "recover-1000": "recover --connections 1000",
        "presence-10000": "presence --connections 10000",
        **each("idle"),
        "churn-64": "churn --connections 64",
        "churn-64-resume": "churn --connections 64 --tls-resume",
        # Two rounds of the pings that a quiet connection gets every 25 s.
        **each("held", " --settle 50"),
    }


def say(text):
    print(f"flamigo: {text}", file=sys.stderr, flush=True)


def counts(text):
    return [int(x) for x in text.split(",")]


def expand(wanted, idle):
    """Returns the scenarios that are meant: `idle` may be several."""
    known = scenarios(idle)
    result = []
    for name in wanted:
        found = [x for x in known if x == name or x.startswith(f"{name}-")
                 and name in ("idle", "held")]
        if not found:
            raise ValueError(f"there is no scenario {name}: {', '.join(known)}")
        result += found
    return result


def take_peers(folder, error):
    """Makes servers of what is in the folder; error ends the program."""
    folder = os.path.join(os.environ.get("FLAMIGO_CALLED_FROM", ""), folder)
    if not os.path.isdir(folder):
        error(f"--peers {folder}: there is no such folder")
    found, refused = peers.read(folder)
    for name, why in refused.items():
        say(f"{name} is no peer: {why}.")
    if not found:
        error(f"--peers {folder}: there is no executable in it, and no folder "
              "with an executable `run`")
    SERVERS.update(found)
    return list(found)


def parse_arguments():
    names = list(scenarios([1]))
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=DESCRIPTION,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5,
                        help="times that each server is measured; the medians "
                             "are what counts")
    parser.add_argument("--seconds", type=float, default=2,
                        help="that each measurement takes")
    parser.add_argument("--scenarios", default=",".join(
                            x for x in names if x not in ON_DEMAND),
                        help="which of them, with commas; there are also "
                             + ", ".join(ON_DEMAND))
    parser.add_argument("--servers", default="flamigo and each peer that can "
                        "be built here",
                        help="of " + ",".join(SERVERS) + ", with commas")
    parser.add_argument("--threads", type=int, default=1, help="of each server")
    parser.add_argument("--idle", type=counts, default="10000",
                        help="connections of the scenarios idle and held; "
                             "several with commas")
    parser.add_argument("--peers", metavar="DIR",
                        help="folder of further servers, each an executable "
                             "that is given a port and a number of threads, or "
                             "a folder with such a file `run`: see "
                             "docs/benchmarking.md")
    result = parser.parse_args()
    try:
        result.scenarios = expand(result.scenarios.split(","), result.idle)
    except ValueError as why:
        parser.error(str(why))
    wanted = []
    more = take_peers(result.peers, parser.error) if result.peers else []
    if result.servers != parser.get_default("servers"):
        wanted = result.servers.split(",")
    for name in wanted:
        if name not in SERVERS:
            parser.error(f"there is no server {name}: {', '.join(SERVERS)}")
    if min(result.rounds, result.threads, *result.idle) < 1:
        parser.error("--rounds, --threads and --idle are at least 1")
    if result.seconds < 0.01:
        parser.error("--seconds is at least 0.01")
    return result, wanted, more


def build(wanted, more):
    """Returns the names of the servers that are there now."""
    build_targets("flamigo-load")
    built = []
    for name in wanted or [*PEERS_AND_US, *more]:
        say(f"building {name}.")
        try:
            SERVERS[name].build()
            built.append(name)
        except Unavailable as why:
            if wanted:
                raise SystemExit(f"flamigo: {name}: {why}.")
            say(f"{name} is skipped: {why}.")
    return built


def measure_once(name, command, options):
    """Returns the report of the load, and what went wrong."""
    threads = SERVERS[name].threads or options.threads
    server_cpus, load_cpu = cpus(threads)
    try:
        with running(name, threads, server_cpus) as (process, port):
            return load(command, SERVERS[name].tls, process, port,
                        options.seconds, load_cpu)
    except NotStarted as why:
        return None, str(why)


def measure(options, names):
    if any(cpus(SERVERS[name].threads or options.threads)[1] is None
           for name in names):
        say("there are too few processors to give the load one of its own: "
            "the figures will be noisy.")
    commands = scenarios(options.idle)
    allow_descriptors(200 + max(int(word) for scenario in options.scenarios
                                for word in commands[scenario].split()
                                if word.isdecimal()))
    runs = []
    for scenario in options.scenarios:
        words = commands[scenario].split()
        able = [name for name in names
                if words[0] in SERVERS[name].can
                and ("--tls-resume" not in words or SERVERS[name].tls)]
        failures = dict.fromkeys(able, 0)
        for number in range(options.rounds):
            for name in able:
                if failures[name] == FAILURES:
                    continue
                found, failure = measure_once(name, commands[scenario], options)
                if failure:
                    say(f"{scenario}, {name}: {failure}.")
                    failures[name] += 1
                runs.append({"scenario": scenario, "server": name,
                             "round": number, "failure": failure,
                             "report": found})
        say(f"{scenario}: " + ", ".join(
            f"{name} {report.summary(runs, scenario, name)}" for name in able))
    return runs


def main():
    options, wanted, more = parse_arguments()
    OUT.mkdir(parents=True, exist_ok=True)
    names = build(wanted, more)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"],
                            cwd=ROOT, stdout=subprocess.PIPE, text=True)
    results = {
        "machine": f"{report.processor()}, {os.cpu_count()} processors, "
                   f"Linux {platform.release()}",
        "commit": commit.stdout.strip(),
        "rounds": options.rounds, "seconds": options.seconds,
        "threads": options.threads, "idle": options.idle,
        "scenarios": options.scenarios, "servers": names,
        "titles": {name: SERVERS[name].title for name in names},
        "sources": {name: SERVERS[name].source for name in names
                    if SERVERS[name].source},
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
