"""The servers that are compared: how each is built and started."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/release/bin"
OUT = ROOT / "build/bench"
PEERS = ROOT / "benchmarks/peers"


# What a server may be able to do: the subcommands of flamigo-load.
LOADS = ("request", "fanout", "idle", "churn")
CHANNEL_LOADS = ("recover", "presence")


class Unavailable(Exception):
    """Why a server cannot be built here, and what would change that."""


def run_quietly(what, command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{done.stdout}\nflamigo: {what} failed.")


def build_targets(*names):
    run_quietly(f"building {', '.join(names)}",
                ["cmake", "--build", "--preset", "release", "--target", *names],
                cwd=ROOT)


KEYS = {"rsa": ["rsa:2048"], "ecdsa": ["ec", "-pkeyopt",
                                       "ec_paramgen_curve:P-256"]}


def certificate(kind):
    """Returns a certificate and its key, each a file, which it makes first."""
    made, key = OUT / f"{kind}.pem", OUT / f"{kind}.key"
    if not made.exists():
        run_quietly("openssl req",
                    ["openssl", "req", "-x509", "-newkey", *KEYS[kind],
                     "-nodes", "-days", "3650", "-subj", "/CN=localhost",
                     "-keyout", key, "-out", made])
    return made, key


class Server:
    """One that can do everything, on as many threads as it is asked for."""

    can = LOADS
    threads = None
    tls = False
    source = ""


class Flamigo(Server):
    """With a number of threads of its own, if it is given one; events are
    published by a domain actor if it is hosted, else by the connection that asks
    for it; with a history, they are kept; with a kind of key, TLS is spoken."""

    def __init__(self, threads=None, hosted=False, history=False, key=None):
        self.threads = threads
        self.hosted = hosted
        self.history = history
        self.key = key
        self.tls = key is not None
        self.can = LOADS + CHANNEL_LOADS if history else LOADS
        self.title = "Flamigo" + (", hosted" if hosted else "") + (
            ", history" if history else "") + (
            f", TLS, {key.upper()}" if key else "") + (
            f", {threads} threads" if threads else "")

    def build(self):
        build_targets("flamigo-bench-server")

    def command(self, port, threads):
        listen = ["--port", str(port)]
        if self.key:
            made, key = certificate(self.key)
            listen = ["--tls-only=true", "--tls-port", str(port),
                      "--tls-certificates", made, "--tls-keys", key]
        # The peers do not log connections.
        return [BIN / "flamigo-bench-server", *["--hosted"] * self.hosted,
                *["--channels"] * self.history, *listen, "--threads",
                str(self.threads or threads), "--log-level", "warning"]


class Beast(Server):
    title = "plain Beast"

    def build(self):
        build_targets("flamigo-bench-beast")

    def command(self, port, threads):
        return [BIN / "flamigo-bench-beast", str(port), str(threads)]


class Ws(Server):
    title = "Node ws"
    folder = PEERS / "ws"

    def build(self):
        if not shutil.which("node") or not shutil.which("npm"):
            raise Unavailable("it needs Node.js and npm (packages nodejs, npm)")
        lock = self.folder / "package-lock.json"
        mark = self.folder / "node_modules/.installed"
        if not mark.exists() or mark.read_text() != lock.read_text():
            run_quietly("npm ci", ["npm", "ci"], cwd=self.folder)
            mark.write_text(lock.read_text())

    def command(self, port, threads):
        # JavaScript has one thread, however many are asked for.
        return ["node", self.folder / "server.mjs", str(port)]


class Gorilla(Server):
    title = "gorilla"
    gopath = Path("/usr/share/gocode")

    def build(self):
        library = self.gopath / "src/github.com/gorilla/websocket"
        if not shutil.which("go") or not library.exists():
            raise Unavailable("it needs the packages golang-go and "
                              "golang-github-gorilla-websocket-dev")
        environment = {**os.environ, "GO111MODULE": "off", "GOFLAGS": "",
                       "GOPATH": str(self.gopath)}
        run_quietly("go build",
                    ["go", "build", "-o", OUT / "flamigo-bench-gorilla", "."],
                    cwd=PEERS / "gorilla", env=environment)

    def command(self, port, threads):
        return ["env", f"GOMAXPROCS={threads}", OUT / "flamigo-bench-gorilla",
                str(port)]


PEERS_AND_US = {"flamigo": Flamigo(), "beast": Beast(), "ws": Ws(),
                "gorilla": Gorilla()}

# Beside the first one they show what other publishers, more threads and TLS
# cost.
VARIANTS = {"flamigo-hosted": Flamigo(hosted=True),
            "flamigo-history": Flamigo(history=True),
            "flamigo-2": Flamigo(threads=2), "flamigo-4": Flamigo(threads=4),
            "flamigo-hosted-2": Flamigo(threads=2, hosted=True),
            "flamigo-hosted-4": Flamigo(threads=4, hosted=True),
            "flamigo-tls": Flamigo(key="rsa"),
            "flamigo-tls-ecdsa": Flamigo(key="ecdsa")}

SERVERS = PEERS_AND_US | VARIANTS
