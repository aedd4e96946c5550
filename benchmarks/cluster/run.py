"""Measures what several nodes cost beside one: CPU time of events that cross, how
late they come, and what much interest takes. See scripts/bench-cluster --help."""

import argparse
import json
import os
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

NODE = "build/release/bin/flamigo-bench-node"


class Process:
    def __init__(self, *command):
        self.lines = tempfile.TemporaryFile("w+")
        self.popen = subprocess.Popen(command, stdout=self.lines, stderr=subprocess.DEVNULL)

    def line(self, seconds=60):
        """The next line of JSON that it prints."""
        end = time.monotonic() + seconds
        seen = getattr(self, "seen", 0)
        while time.monotonic() < end:
            self.lines.seek(0)
            all_lines = self.lines.readlines()
            if len(all_lines) > seen and all_lines[seen].endswith("\n"):
                self.seen = seen + 1
                return json.loads(all_lines[seen])
            time.sleep(0.05)
        sys.exit("bench-cluster: a node said nothing: " + " ".join(self.popen.args))

    def cpu(self):
        """User and system seconds so far."""
        with open(f"/proc/{self.popen.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self):
        with open(f"/proc/{self.popen.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        self.popen.send_signal(signal.SIGTERM)
        self.popen.wait(30)


class Subscribers:
    """Plain WebSockets that only count bytes, so that they cost little."""

    def __init__(self, port, count):
        self.sockets = [self.open(port) for _ in range(count)]
        self.poll = select.poll()
        self.by_fd = {s.fileno(): s for s in self.sockets}
        for s in self.sockets:
            self.poll.register(s, select.POLLIN)
        self.bytes = 0

    @staticmethod
    def open(port):
        s = socket.create_connection(("127.0.0.1", port), timeout=10)
        s.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                  b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += s.recv(4096)
        text = b'{"topic":"app::websocket:subscribe","payload":{"topic":"rooms/1"},"ackId":"1"}'
        assert len(text) < 126
        s.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        s.recv(4096)
        return s

    def read(self, seconds):
        """Returns how many bytes came."""
        before, end = self.bytes, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for fd, _ in self.poll.poll(left * 1000):
                self.bytes += len(self.by_fd[fd].recv(1 << 20))
        return self.bytes - before

    def close(self):
        for s in self.sockets:
            s.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("bench-cluster: nobody listens")


def start(nats, *options):
    port = free_port()
    url = ["--nats-url", nats] if nats else []
    node = Process(NODE, "--port", str(port), "--threads", "1", "--log-level", "error",
                   *url, *options)
    wait_for(port)
    return node, port


def delivery(nats, rate, seconds):
    """CPU microseconds an event: of who publishes and who delivers, and of one program
    that does both."""
    b, port = start(nats)
    subscribers = Subscribers(port, 100)
    a, _ = start(nats, "--publish", str(rate), "--seconds", str(seconds))
    subscribers.read(1)
    before = b.cpu()
    came = subscribers.read(seconds + 2.5)
    took = b.cpu() - before
    said = a.line()
    events = said["published"]
    a.stop()
    b.stop()
    subscribers.close()
    alone, port = start("", "--publish", str(rate), "--seconds", str(seconds))
    subscribers = Subscribers(port, 100)
    came_alone = subscribers.read(seconds + 3.5)
    local = alone.line()["cpu"]
    alone.stop()
    subscribers.close()
    if came < 0.99 * came_alone:
        sys.exit(f"bench-cluster: only {came} of {came_alone} bytes crossed")
    return {"publisher us": said["cpu"] / events * 1e6, "receiver us": took / events * 1e6,
            "alone us": local / events * 1e6, "receiver/alone": took / local}


def lateness(nats, rate, seconds):
    b, _ = start(nats, "--hear")
    a, _ = start(nats, "--publish", str(rate), "--seconds", str(seconds))
    result = b.line(seconds + 30)
    a.stop()
    b.stop()
    return {"heard": result["heard"], "p50 ms": result["p50"], "p99 ms": result["p99"],
            "max ms": result["max"]}


def interest(nats, count):
    plain, _ = start(nats)
    time.sleep(1)
    before = plain.megabytes()
    wants, _ = start(nats, "--topics", str(count))
    late, _ = start(nats, "--await-wishes", str(count))
    knows = late.line()["after"]
    time.sleep(2)
    result = {"at its node MB": wants.megabytes() - before,
              "at another MB": plain.megabytes() - before, "a third knows after s": knows}
    for x in (plain, wants, late):
        x.stop()
    return result


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench-cluster",
        description="Measures nodes that share their bus: with a NATS server of its own, on "
        "loopback. Medians of the rounds.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--topics", type=int, default=100_000)
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = Process("nats-server", "-a", "127.0.0.1", "-p", str(port), "-sd", folder)
        wait_for(port)
        nats = f"nats://127.0.0.1:{port}"
        try:
            for name, run in [
                    ("2,000 events a second to 100 clients",
                     lambda: delivery(nats, 2_000, options.seconds)),
                    ("20,000 events a second to one listener",
                     lambda: lateness(nats, 20_000, options.seconds)),
                    (f"{options.topics:,} topics", lambda: interest(nats, options.topics))]:
                rounds = [run() for _ in range(options.rounds)]
                print(name)
                for key in rounds[0]:
                    print(f"  {key:24}{statistics.median(x[key] for x in rounds):12.2f}")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
