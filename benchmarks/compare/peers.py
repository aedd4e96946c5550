"""Servers that are not part of the project: each is described in a folder."""

import json
import os
import subprocess
from pathlib import Path

from servers import LOADS, SERVERS, Server, Unavailable, certificate


class Peer(Server):
    """An executable that is started with a port and a number of threads, and
    serves in this very process until it is told to end. One that speaks TLS is
    also given a certificate and its key."""

    def __init__(self, run, title=None, can=LOADS, tls=False, source=None,
                 commit=None, build=None):
        self.run = run
        self.title = title or run.name
        self.can = can
        self.tls = tls
        self.source = " ".join(x for x in (source, commit) if x)
        self.build_command = build

    def build(self):
        if not self.build_command:
            return
        try:
            done = subprocess.run([self.build_command], cwd=self.run.parent,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        except OSError as why:
            raise Unavailable(f"{self.build_command}: {why}") from why
        if done.returncode != 0:
            raise Unavailable(f"{self.build_command} failed: "
                              + done.stdout.strip())

    def command(self, port, threads):
        return [self.run, str(port), str(threads),
                *(certificate("rsa") if self.tls else ())]


def is_executable(path):
    return path.is_file() and os.access(path, os.X_OK)


def described(folder):
    """What the folder's peer.json says; it need not be there."""
    path = folder / "peer.json"
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text())
    except ValueError as why:
        raise Unavailable(f"{path} is no JSON: {why}") from why
    if not isinstance(found, dict):
        raise Unavailable(f"{path} is no JSON object")
    known = {"title": str, "can": list, "tls": bool, "source": str,
             "commit": str}
    for key, value in found.items():
        if key not in known:
            raise Unavailable(f'{path}: "{key}" is none of {", ".join(known)}')
        if not isinstance(value, known[key]):
            raise Unavailable(f'{path}: "{key}" is no {known[key].__name__}')
    wrong = [str(x) for x in found.get("can", []) if x not in LOADS]
    if wrong:
        raise Unavailable(f'{path}: "can" lists {", ".join(wrong)}, and may list '
                          f'{", ".join(LOADS)}')
    return found


def peer_at(path):
    if path.name in SERVERS:
        raise Unavailable("a server of the project has this name: take another")
    if path.is_file():
        return Peer(path)
    run = path / "run"
    if not run.exists():
        raise Unavailable("there is no file `run` in it")
    if not is_executable(run):
        raise Unavailable(f"{run} is not executable: chmod +x it")
    build = path / "build"
    return Peer(run, **{"title": path.name, **described(path)},
                build=build if is_executable(build) else None)


def read(folder):
    """Returns the peers in `folder` by name, and why others are none. These are
    its executables, and its folders that have an executable `run`."""
    found, refused = {}, {}
    for path in sorted(Path(folder).resolve().iterdir()):
        if path.name.startswith(".") or not (path.is_dir()
                                             or is_executable(path)):
            continue
        try:
            found[path.name] = peer_at(path)
        except Unavailable as why:
            refused[path.name] = str(why)
    return found, refused
