#!/usr/bin/env python3
"""What the kernel keeps for a connection: opens many to a server of ours, which
do nothing, and looks at the slab caches. Needs root, and the release build of
flamigo-bench-server and flamigo-load: benchmarks/scale/kernel.py [CONNECTIONS]
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "compare"))

import measuring  # noqa: E402
from servers import BIN, OUT  # noqa: E402

# Caches in which each end of a connection has its objects.
CACHES = ("TCP", "sock_inode_cache", "dentry", "filp", "eventpoll_epi",
          "ep_head", "lsm_inode_cache", "lsm_file_cache")


def objects():
    """Of each slab cache the number of objects, and the size of one."""
    lines = Path("/proc/slabinfo").read_text().splitlines()[2:]
    return {name: (int(active), int(size))
            for name, active, _, size, *_ in (line.split() for line in lines)}


def queued_pages():
    """Pages of data that wait in the buffers of TCP sockets."""
    for line in Path("/proc/net/sockstat").read_text().splitlines():
        if line.startswith("TCP:"):
            return int(line.split()[-1])
    return 0


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    measuring.allow_descriptors(count + 200)
    OUT.mkdir(parents=True, exist_ok=True)
    with measuring.running("flamigo", 1, None) as (server, port):
        before, pages = objects(), queued_pages()
        with subprocess.Popen(
                [BIN / "flamigo-load", "idle", "--connections", str(count),
                 "--port", str(port), "--pid", str(server.pid), "--settle", "6"],
                stdout=subprocess.PIPE, text=True) as generator:
            time.sleep(4)
            after = objects()
            pages = queued_pages() - pages
            said = generator.communicate()[0]
    total = 0
    print(f"{'cache':<20} objects  bytes  bytes an end of a connection")
    for name in CACHES:
        if name not in after:
            continue
        number, size = after[name][0] - before[name][0], after[name][1]
        # Both ends are of this machine.
        each = number * size / count / 2
        total += each
        print(f"{name:<20} {number:7} {size:6} {each:9.0f}")
    print(f"the kernel keeps {total:.0f} bytes for one end, and {pages} pages "
          f"of data for all\n\n{said}", end="")


if __name__ == "__main__":
    main()
