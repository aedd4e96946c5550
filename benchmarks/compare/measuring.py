"""Starts a server, loads it, and ends it."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import time

from servers import BIN, OUT, SERVERS


def allow_descriptors(count):
    """Lets this process and those it starts have so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, max(hard, count)))
    except (OSError, ValueError):
        raise SystemExit(f"flamigo: this needs {count} open files: raise "
                         f"`ulimit -n`, or say --idle with a smaller number.")


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


def wait_until_it_listens(name, process, port):
    for _ in range(200):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"flamigo: {name} did not start, see {OUT}/{name}.log.")


@contextlib.contextmanager
def running(name, threads, on):
    """A server, as its process and its port."""
    def pin():
        if on:
            os.sched_setaffinity(0, on)

    port = free_port()
    with open(OUT / f"{name}.log", "w") as log:
        process = subprocess.Popen(SERVERS[name].command(port, threads),
                                   stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, preexec_fn=pin)
    try:
        wait_until_it_listens(name, process, port)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def load(command, process, port, seconds, cpu):
    """Returns the generator's report, and what it complains about."""
    line = [BIN / "flamigo-load", "--json", "--port", str(port), "--pid",
            str(process.pid), "--seconds", str(seconds), *command.split()]
    if cpu is not None:
        line += ["--cpu", str(cpu)]
    try:
        done = subprocess.run(line, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              timeout=seconds + 120)
    except subprocess.TimeoutExpired:
        return None, "the load did not end"
    found = json.loads(done.stdout) if done.stdout else None
    if done.returncode == 0:
        return found, None
    return found, done.stderr.strip() or f"exit status {done.returncode}"
