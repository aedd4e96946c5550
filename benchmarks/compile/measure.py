#!/usr/bin/env python3
"""Measures what a strategy file costs to compile, in CPU seconds, beside what CAF's
headers cost alone: medians of runs that take turns, since only the ratio to another
one of the same run says something on a machine that is in use."""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STRATEGY = pathlib.Path(__file__).with_name("strategy.cpp")
CAF = """#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>
"""


def cpu(command):
    """CPU seconds of a command and what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--against", metavar="FOLDER",
                        help="another state of the project, to compare with")
    parser.add_argument("--header", default="flamigo/flamigo.hpp",
                        help="what a strategy includes there (%(default)s)")
    parser.add_argument("--at-most", type=float, metavar="RATIO",
                        help="fail if the file costs more than this many times "
                        "CAF's headers")
    options = parser.parse_args()

    compiler = [os.environ.get("CXX", "c++"), "-std=c++20", "-O2"]

    def in_state(root):
        return [f"-I{root}/{part}" for part in ("libflamigo", "actors")]

    with tempfile.TemporaryDirectory() as folder:
        headers = pathlib.Path(folder, "caf.cpp")
        headers.write_text(CAF, encoding="utf-8")
        door = pathlib.Path(folder, "door.hpp")
        door.write_text("#include <flamigo/flamigo.hpp>\n", encoding="utf-8")
        subprocess.run([*compiler, *in_state(ROOT), "-x", "c++-header",
                        "-o", f"{door}.gch", door], check=True)
        compile_to = [*compiler, "-c", "-o", os.devnull]
        measured = {
            "CAF's headers alone": [*compile_to, headers],
            "a strategy file": [*compile_to, *in_state(ROOT), STRATEGY],
            "with the header precompiled":
                [*compile_to, *in_state(ROOT), "-include", door, STRATEGY],
        }
        if options.against:
            measured[f"in {options.against}"] = [
                *compile_to, *in_state(options.against),
                f"-DFRONT_DOOR=<{options.header}>", STRATEGY]
        times = {name: [] for name in measured}
        for _ in range(options.rounds):
            for name, command in measured.items():
                times[name].append(cpu(command))

    medians = {name: statistics.median(values)
               for name, values in times.items()}
    peer = medians["CAF's headers alone"]
    for name, seconds in medians.items():
        print(f"{name:30} {seconds:6.2f} s CPU {seconds / peer:6.2f}")
    ratio = medians["a strategy file"] / peer
    if options.at_most and ratio > options.at_most:
        sys.exit(f"a strategy file costs {ratio:.2f} times CAF's headers, more "
                 f"than {options.at_most}")


if __name__ == "__main__":
    main()
