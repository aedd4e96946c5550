#!/usr/bin/env python3
"""Reckons what a large server does from what was measured on a small one.

benchmarks/scale/plan.py [--connections N] [--cores N] ... prints both tables of
docs/scale.md; with --write it puts them there, as the page assumes it, and with
--check it fails where the page has others. What was measured stands in measured.json
beside this file: enter new figures there.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs/scale.md"
GIB = 1024 ** 3


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", 1)[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--connections", type=int, default=1_000_000, help="that are open")
    add("--cores", type=int, default=64, help="and as many I/O threads")
    add("--subscriptions", type=int, default=3, help="of a connection")
    add("--room", type=int, default=100, help="subscribers of an event")
    add("--asks-every", type=float, default=10, help="seconds, each connection")
    add("--hears-every", type=float, default=1, help="seconds, each connection")
    add("--ping-every", type=float, default=25, help="seconds, each connection")
    page = parser.add_mutually_exclusive_group().add_argument
    page("--write", action="store_true",
         help="into docs/scale.md, for what it assumes: with nothing else")
    page("--check", action="store_true",
         help="whether docs/scale.md has these tables: with nothing else")
    x = parser.parse_args()
    for name, value in vars(x).items():
        if name not in ("write", "check", "subscriptions") and value <= 0:
            parser.error(f"--{name.replace('_', '-')} is more than 0")
    if x.subscriptions < 0:
        parser.error("--subscriptions is 0 or more")
    # The sentences of the page are about these tables.
    if (x.write or x.check) and any(
            value != parser.get_default(name) for name, value in vars(x).items()
            if name not in ("write", "check")):
        parser.error("--write and --check go with nothing else: docs/scale.md is "
                     "about the defaults")
    return x


def measured_table(found):
    lines = ["| | measured | what | by |", "| --- | ---: | --- | --- |"]
    lines += [f"| {name} | {x['value']:,} {x['unit']} | {x['what']} | {x['how']} |"
              for name, x in found.items()]
    return lines


def cores_of(per_second, microseconds):
    return per_second * microseconds / 1e6


def plan(x, found):
    cost = {name: entry["value"] for name, entry in found.items()}
    n = x.connections
    pings, asks, hears = (n / x.ping_every, n / x.asks_every, n / x.hears_every)
    events = hears / x.room
    # How many of the threads have one of a room's subscribers.
    threads = x.cores * (1 - (1 - 1 / x.cores) ** x.room)
    each = cost["user"] + cost["kernel"] + x.subscriptions * cost["subscription"]
    used = {
        "pings": (f"{pings:,.0f}/s x ping", cores_of(pings, cost["ping"])),
        "requests": (f"{asks:,.0f}/s x request", cores_of(asks, cost["request"])),
        "deliveries": (f"{hears:,.0f}/s x delivery",
                       cores_of(hears, cost["delivery"])),
        "publishing": (f"{events:,.0f}/s x publish",
                       cores_of(events, cost["publish"])),
        "wake-ups": (f"{events:,.0f} events/s x {threads:.0f} threads x wake",
                     cores_of(events * threads, cost["wake"])),
    }
    rows = [("memory", f"connections x (user + kernel + {x.subscriptions} x "
             "subscription)", f"{n * each / GIB:.1f} GiB")]
    rows += [(name, how, f"{cores:.1f} cores")
             for name, (how, cores) in used.items()]
    total = sum(cores for _, cores in used.values())
    lock = n * x.subscriptions * cost["subscribe"] / 1e6
    most = x.cores / cost["delivery"]
    return rows + [
        ("together", "", f"{total:.1f} of {x.cores} cores"),
        ("all come at once", "connections x connect / cores",
         f"{n * cost['connect'] / x.cores / 1e6:.1f} s of all cores"),
        ("the roster meanwhile", "connections x roster: it is one actor",
         f"{n * cost['roster'] / 1e6:.1f} s of one core"),
        ("the subscription table meanwhile",
         f"connections x {x.subscriptions} x subscribe: one lock for changes",
         f"{lock:.1f} s of one core"),
        ("deliveries, at most", f"{x.cores} cores / delivery",
         f"{most:.{0 if most >= 10 else 1}f} million a second"),
    ]


def plan_table(x, found):
    return ["| | by | comes to |", "| --- | --- | ---: |",
            *(f"| {name} | {how} | {what} |"
              for name, how, what in plan(x, found))]


def written(text, name, lines):
    """The page with this table in the place that has its name."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, rest = text.split(begin)
    return (head + begin + "\n".join(lines) + "\n" + end
            + rest.split(end, 1)[1])


def main():
    x = arguments()
    found = json.loads((HERE / "measured.json").read_text())
    tables = {"measured": measured_table(found), "plan": plan_table(x, found)}
    before = after = PAGE.read_text()
    for name, lines in tables.items():
        after = written(after, name, lines)
        if not (x.write or x.check):
            print("\n".join(lines) + "\n")
    if x.write:
        PAGE.write_text(after)
    elif x.check and before != after:
        sys.exit("docs/scale.md has other figures than benchmarks/scale/plan.py "
                 "reckons: enter them by its --write, and read what the page "
                 "says about them")


if __name__ == "__main__":
    main()
