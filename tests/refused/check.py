#!/usr/bin/env python3
"""Compiles a case without and with its mistakes: check.py CASE COMPILER FLAGS...

A case compiles as it is. With MISTAKES defined, the compiler says what its lines
`// error: SENTENCE` say, each in one error, and nothing else.
"""

import pathlib
import re
import subprocess
import sys

SENTENCE = re.compile(r"^ *// error: (.+)$", re.MULTILINE)
ERROR = re.compile(r"^.*\berror: .*$", re.MULTILINE)


def errors(command):
    """What the compiler complains of."""
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True,
                          check=False)
    found = ERROR.findall(done.stderr)
    if done.returncode and not found:
        sys.exit(done.stderr)
    return found


def main(case, *command):
    wanted = SENTENCE.findall(pathlib.Path(case).read_text(encoding="utf-8"))
    if not wanted:
        sys.exit(f"{case}: no line `// error: SENTENCE`")
    found = errors([*command, case])
    if found:
        sys.exit("does not compile without mistakes:\n" + "\n".join(found))
    found = errors([*command, "-DMISTAKES", case])
    for sentence in wanted:
        match = next((error for error in found if sentence in error), None)
        if match is None:
            sys.exit(f"no error says\n  {sentence}\nof\n" + "\n".join(found))
        found.remove(match)
    if found:
        sys.exit(f"{case}: the compiler says as well:\n" + "\n".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
