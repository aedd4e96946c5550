"""Counts the instructions of an operation of each scenario with callgrind and
compares them with those that were accepted.

    scripts/instructions            fails when one differs by more than 5 %
    scripts/instructions --accept   makes what is measured now the accepted value
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ACCEPTED = HERE / "accepted.json"
PROGRAM = HERE.parents[1] / "build/release/bin/flamigo-instructions"
TOLERANCE = 0.05
ROUNDS = 1000


def toolchain():
    """The same source makes other instructions with another compiler."""
    result = subprocess.run(["c++", "--version"], capture_output=True, text=True,
                            check=True)
    return result.stdout.splitlines()[0]


def count(scenario):
    with tempfile.NamedTemporaryFile() as out:
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no",
             "--toggle-collect=flamigo_counted",
             f"--callgrind-out-file={out.name}", PROGRAM, scenario],
            capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode != 0 or not found or int(found[1]) == 0:
        sys.exit(f"{scenario}: callgrind counted nothing:\n{result.stderr}")
    return int(found[1]) // ROUNDS


def compare(accepted, measured):
    """Prints a line for each scenario; true when all are within the tolerance."""
    good = True
    for name, now in measured.items():
        before = accepted.get(name)
        if before is None:
            print(f"{name:15} {now:9,}  not accepted yet")
            good = False
            continue
        change = now / before - 1
        fits = abs(change) <= TOLERANCE
        good = good and fits
        print(f"{name:15} {now:9,}  accepted {before:9,}  {change:+.1%}"
              f"{'' if fits else '  TOO FAR'}")
    return good


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/instructions", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true",
                        help="write what is measured into accepted.json")
    accept = parser.parse_args().accept
    names = subprocess.run([PROGRAM], capture_output=True, text=True,
                           check=True).stdout.split()
    measured = {name: count(name) for name in names}
    compiler = toolchain()
    accepted = json.loads(ACCEPTED.read_text()) if ACCEPTED.exists() else {}
    good = compare(accepted.get("instructions", {}), measured)
    if accept:
        ACCEPTED.write_text(json.dumps(
            {"compiler": compiler, "instructions": measured}, indent=2) + "\n")
        print(f"accepted; commit {ACCEPTED.relative_to(HERE.parents[1])} with "
              "the reason for the change.")
    elif accepted.get("compiler") != compiler:
        print(f"not judged: the accepted values are of {accepted.get('compiler')}"
              f", this is {compiler}.")
    elif not good:
        sys.exit("An operation costs more or less than what was accepted, by more "
                 f"than {TOLERANCE:.0%}.\nFind out why; if it is meant, run "
                 "`scripts/instructions --accept` and commit the file.")


if __name__ == "__main__":
    main()
