"""Measures what several nodes cost beside one: CPU time of events that cross, how
late they come, and what much interest takes. See scripts/bench-cluster --help."""

import argparse
import statistics
import tempfile
import time

import socket_io
from processes import Process, Subscribers, free_port, wait_for

NODE = "build/release/bin/flamigo-bench-node"
CLIENTS = 100


def start(nats, *options):
    port = free_port()
    url = ["--nats-url", nats] if nats else []
    node = Process(NODE, "--port", str(port), "--threads", "1", "--log-level", "error",
                   *url, *options)
    wait_for(port)
    return node, port


def publisher(nats, rate, seconds):
    return start(nats, "--publish", str(rate), "--seconds", str(seconds))[0]


def unheard(nats, rate, seconds):
    """CPU microseconds an event of who publishes it, when nobody elsewhere wants it."""
    a = publisher(nats, rate, seconds)
    said = a.line(seconds + 60)
    a.stop()
    return said["cpu"] / said["published"] * 1e6


def delivery(nats, rate, seconds):
    """CPU microseconds an event: of who publishes and who delivers, and of one program
    that does both."""
    b, port = start(nats)
    without = unheard(nats, rate, seconds)
    subscribers = Subscribers(port, CLIENTS)
    a = publisher(nats, rate, seconds)
    before = b.cpu()
    said, came = subscribers.read_all(a)
    took = b.cpu() - before
    events = said["published"]
    a.stop()
    b.stop()
    subscribers.close()
    alone, port = start("", "--publish", str(rate), "--seconds", str(seconds))
    subscribers = Subscribers(port, CLIENTS)
    said_alone, came_alone = subscribers.read_all(alone)
    alone.stop()
    subscribers.close()
    if came < 0.99 * came_alone:
        raise SystemExit(f"bench-cluster: only {came} of {came_alone} bytes crossed")
    published = said["cpu"] / events * 1e6
    local = said_alone["cpu"] / events * 1e6
    received = took / events * 1e6
    return {"publisher us": published, "of that for the other node us": published - without,
            "receiver us": received, "alone us": local, "receiver/alone": received / local}


def lateness(nats, rate, seconds):
    b, _ = start(nats, "--hear")
    a = publisher(nats, rate, seconds)
    result = b.line(seconds + 60)
    said = a.line()
    a.stop()
    b.stop()
    published = said["cpu"] / said["published"] * 1e6
    return {"heard": result["heard"], "p50 ms": result["p50"], "p99 ms": result["p99"],
            "max ms": result["max"], "publisher us": published,
            "of that for the other node us": published - unheard(nats, rate, seconds)}


def beside(nats, redis, rate, seconds):
    """CPU microseconds of a delivered event: of the node that delivers it, and of both."""
    result = {}
    for name, begin, clients, options in [
            ("ours", lambda *x: start(nats, *x), Subscribers,
             ["--publish", str(rate), "--seconds", str(seconds)]),
            ("Socket.IO", lambda *x: socket_io.start(redis, *x), socket_io.subscribers,
             [str(rate), str(seconds)])]:
        b, port = begin()
        subscribers = clients(port, CLIENTS)
        a, _ = begin(*options)
        before = b.cpu()
        said, _ = subscribers.read_all(a)
        took = b.cpu() - before
        delivered = said["published"] * CLIENTS
        result[name + ", receiver us"] = took / delivered * 1e6
        result[name + ", both us"] = (took + said["cpu"]) / delivered * 1e6
        subscribers.close()
        a.stop()
        b.stop()
    for of in ["receiver us", "both us"]:
        result["ratio, " + of[:-3]] = result["ours, " + of] / result["Socket.IO, " + of]
    return result


def interest(nats, count):
    """Megabytes of who wants topics, without and with others who have to know, and of
    one of those."""
    bare, _ = start("")
    alone, _ = start("", "--topics", str(count))
    plain, _ = start(nats)
    time.sleep(3)
    before = plain.megabytes()
    of_bus = alone.megabytes() - bare.megabytes()
    wants, _ = start(nats, "--topics", str(count))
    late, _ = start(nats, "--await-wishes", str(count))
    knows = late.line()["after"]
    time.sleep(3)
    result = {"bus of its node MB": of_bus,
              "relay of its node MB": wants.megabytes() - before - of_bus,
              "relay of another MB": plain.megabytes() - before,
              "a third knows after s": knows}
    for x in (bare, alone, plain, wants, late):
        x.stop()
    return result


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench-cluster",
        description="Measures nodes that share their bus: with a NATS server of its own, on "
        "loopback, and Socket.IO's with a Redis beside them. Medians of the rounds.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--topics", type=int, default=100_000)
    parser.add_argument("--only", default="", help="what has this in its name")
    options = parser.parse_args()
    seconds = options.seconds
    socket_io.install()
    redis_server, redis = socket_io.start_redis()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = Process("nats-server", "-a", "127.0.0.1", "-p", str(port), "-sd", folder)
        wait_for(port)
        nats = f"nats://127.0.0.1:{port}"
        try:
            for name, run in [
                    (f"2,000 events a second to {CLIENTS} clients",
                     lambda: delivery(nats, 2_000, seconds)),
                    ("20,000 events a second to one listener",
                     lambda: lateness(nats, 20_000, seconds)),
                    ("100,000 events a second to one listener",
                     lambda: lateness(nats, 100_000, seconds)),
                    (f"200 events a second to {CLIENTS} clients, beside Socket.IO",
                     lambda: beside(nats, redis, 200, seconds)),
                    # What Socket.IO's node can just about do.
                    (f"1,000 events a second to {CLIENTS} clients, beside Socket.IO",
                     lambda: beside(nats, redis, 1_000, seconds)),
                    (f"{options.topics:,} topics", lambda: interest(nats, options.topics))]:
                if options.only not in name:
                    continue
                rounds = [run() for _ in range(options.rounds)]
                print(name)
                for key in rounds[0]:
                    print(f"  {key:32}{statistics.median(x[key] for x in rounds):12.2f}",
                          flush=True)
        finally:
            server.stop()
            redis_server.stop()


if __name__ == "__main__":
    main()
