"""Nodes of Socket.IO, which share their events by its adapter for Redis."""

import shutil
import subprocess
import sys
from pathlib import Path

from processes import Process, Subscribers, free_port, wait_for

FOLDER = Path("benchmarks/peers/socketio")


def install():
    """What its package-lock.json says."""
    lock = (FOLDER / "package-lock.json").read_text()
    mark = FOLDER / "node_modules/.installed"
    if mark.exists() and mark.read_text() == lock:
        return
    done = subprocess.run(["npm", "ci"], cwd=FOLDER, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit("bench-cluster: npm ci failed: " + done.stdout.strip())
    mark.write_text(lock)


def start_redis():
    """The server without the service that Debian's package of it starts: it is the same
    program as redis-check-rdb of redis-tools, and goes by its name."""
    port = free_port()
    server = Process("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                     executable=shutil.which("redis-check-rdb"))
    wait_for(port)
    return server, str(port)


def start(redis, *options):
    port = free_port()
    node = Process("node", str(FOLDER / "server.mjs"), str(port), redis, *options)
    wait_for(port)
    return node, port


def subscribers(port, count):
    return Subscribers(port, count, "/socket.io/?EIO=4&transport=websocket", b"40")
