"""Processes that are measured, and clients that cost little."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time


class Process:
    def __init__(self, *command, executable=None):
        self.lines = tempfile.TemporaryFile("w+")
        self.seen = 0
        self.popen = subprocess.Popen(command, executable=executable, stdout=self.lines,
                                      stderr=subprocess.DEVNULL)
        # Nothing outlives a round that fails.
        atexit.register(self.popen.kill)

    def said(self):
        """The next line of JSON that it has printed; None if there is none."""
        self.lines.seek(0)
        lines = self.lines.readlines()
        if len(lines) <= self.seen or not lines[self.seen].endswith("\n"):
            return None
        self.seen += 1
        return json.loads(lines[self.seen - 1])

    def line(self, seconds=60):
        """Waits for that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (line := self.said()) is not None:
                return line
            time.sleep(0.05)
        sys.exit("bench-cluster: a node said nothing: " + " ".join(self.popen.args))

    def cpu(self):
        """Seconds of all of its threads so far."""
        folder = f"/proc/{self.popen.pid}/task"
        result = 0
        for thread in os.listdir(folder):
            with open(f"{folder}/{thread}/schedstat") as file:
                result += int(file.read().split()[0])
        return result * 1e-9

    def megabytes(self):
        with open(f"/proc/{self.popen.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def stop(self):
        self.popen.send_signal(signal.SIGTERM)
        self.popen.wait(30)


def frame(text):
    """As a client sends it; the mask is zero."""
    assert len(text) < 126
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


class Subscribers:
    """Plain WebSockets that only count bytes, so that they cost little."""

    def __init__(self, port, count, path="/ws",
                 hello=b'{"topic":"app::websocket:subscribe",'
                       b'"payload":{"topic":"rooms/1"},"ackId":"1"}'):
        self.sockets = [self.open(port, path, hello) for _ in range(count)]
        self.poll = select.poll()
        self.by_fd = {s.fileno(): s for s in self.sockets}
        for s in self.sockets:
            self.poll.register(s, select.POLLIN)
        self.bytes = 0

    @staticmethod
    def open(port, path, hello):
        s = socket.create_connection(("127.0.0.1", port), timeout=30)
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += s.recv(4096)
        s.sendall(frame(hello))
        s.recv(4096)
        return s

    def read(self, seconds):
        """Returns how many bytes came."""
        before, end = self.bytes, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for fd, _ in self.poll.poll(left * 1000):
                came = self.by_fd[fd].recv(1 << 20)
                if not came:
                    sys.exit("bench-cluster: a node has closed a connection")
                self.bytes += len(came)
        return self.bytes - before

    def read_all(self, publisher):
        """Reads until the publisher has said that it has published all and nothing
        more comes. Returns what it has said, and how many bytes came."""
        before, said = self.bytes, None
        while self.read(0.5) > 0 or said is None:
            said = said or publisher.said()
        return said, self.bytes - before

    def close(self):
        for s in self.sockets:
            s.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("bench-cluster: nobody listens")
