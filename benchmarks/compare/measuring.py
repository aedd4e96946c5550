"""Starts a server, loads it, and ends it."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from servers import BIN, OUT, SERVERS

STARTING_SECONDS = 10


def allow_descriptors(count):
    """Lets this process and those it starts have so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
    except (OSError, ValueError):
        raise SystemExit(f"flamigo: this needs {count} open files: raise "
                         f"`ulimit -n`, or open fewer connections (--idle).")


def cpus(threads):
    """Processors for the server and for the load, nothing if they are few."""
    all_of_them = sorted(os.sched_getaffinity(0))
    if len(all_of_them) <= threads:
        return None, None
    return set(all_of_them[:threads]), all_of_them[threads]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class NotStarted(Exception):
    """Why there is nothing to be measured."""


def ending(status):
    return (f"was ended by signal {-status}" if status < 0
            else f"ended with status {status}")


def listens(pid, port):
    """Whether it is this very process, whose CPU time and memory are read."""
    own = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            own.add(os.readlink(link))
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            # The local address, the state (10 is LISTEN), the inode.
            if (int(fields[1].rsplit(":", 1)[1], 16) == port
                    and fields[3] == "0A" and f"socket:[{fields[9]}]" in own):
                return True
    return False


def wait_until_it_listens(process, port, log):
    for _ in range(int(STARTING_SECONDS / 0.05)):
        if process.poll() is not None:
            raise NotStarted(f"it {ending(process.returncode)} before it "
                             f"listened, see {log}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            if listens(process.pid, port):
                return
            raise NotStarted("the process that was started is not the one that "
                             "listens: begin the server with `exec`")
        time.sleep(0.05)
    raise NotStarted(f"it does not listen on 127.0.0.1, port {port}, "
                     f"{STARTING_SECONDS} s after its start, see {log}")


def end(process):
    """With all that it has started, which is in the group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def running(name, threads, on):
    """A server, as its process and its port. Raises NotStarted."""
    def pin():
        if on:
            os.sched_setaffinity(0, on)

    port = free_port()
    path = OUT / f"{name}.log"
    with open(path, "w") as log:
        try:
            process = subprocess.Popen(
                SERVERS[name].command(port, threads), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=pin, start_new_session=True)
        except OSError as why:
            raise NotStarted(f"it cannot be started: {why}") from why
    try:
        wait_until_it_listens(process, port, path)
        yield process, port
    finally:
        end(process)


def load(command, tls, process, port, seconds, cpu):
    """Returns the generator's report, and what it complains about."""
    line = [BIN / "flamigo-load", "--json", "--port", str(port), "--pid",
            str(process.pid), "--seconds", str(seconds), *["--tls"] * tls,
            *command.split()]
    if cpu is not None:
        line += ["--cpu", str(cpu)]
    try:
        done = subprocess.run(line, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              timeout=seconds + 120)
    except subprocess.TimeoutExpired:
        return None, "the load did not end"
    found = json.loads(done.stdout) if done.stdout else None
    if process.poll() is not None:
        return found, f"the server {ending(process.returncode)} under the load"
    if done.returncode != 0:
        return found, done.stderr.strip() or f"exit status {done.returncode}"
    return found, None
