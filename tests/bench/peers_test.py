"""Servers in a folder, as scripts/bench --peers takes them: good ones are
measured whatever the others do."""

import io
import sys
import tempfile
import types
import unittest
from contextlib import redirect_stderr
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks/compare"))

import measuring  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402
from servers import SERVERS  # noqa: E402

GOOD = f"""#!{sys.executable}
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    listener.accept()
"""

SHELL = "#!/bin/sh\n"


class PeersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def add(self, path, text, executable=True):
        path = self.folder / path
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if executable else 0o644)

    def refused(self, name):
        found, refused = peers.read(self.folder)
        self.assertNotIn(name, found)
        return refused.get(name, "")

    # -- reading ---------------------------------------------------------------

    def test_an_executable_is_a_peer(self):
        self.add("mine", GOOD)
        found, refused = peers.read(self.folder)
        self.assertEqual(found["mine"].command(80, 2),
                         [self.folder.resolve() / "mine", "80", "2"])
        self.assertEqual(found["mine"].title, "mine")
        self.assertEqual(refused, {})

    def test_a_folder_says_more(self):
        self.add("mine/run", GOOD)
        self.add("mine/peer.json", '{"title": "My own", "can": ["idle"], '
                 '"source": "here", "commit": "1234"}', executable=False)
        mine = peers.read(self.folder)[0]["mine"]
        self.assertEqual((mine.title, mine.can, mine.source),
                         ("My own", ["idle"], "here 1234"))

    def test_other_files_are_left_alone(self):
        self.add("README.md", "read me", executable=False)
        self.add(".git/run", GOOD)
        self.assertEqual(peers.read(self.folder), ({}, {}))

    def test_it_is_said_why_a_folder_is_no_peer(self):
        self.add("empty/readme", "", executable=False)
        self.assertIn("no file `run`", self.refused("empty"))
        self.add("plain/run", GOOD, executable=False)
        self.assertIn("chmod +x", self.refused("plain"))
        self.add("beast/run", GOOD)
        self.assertIn("take another", self.refused("beast"))

    def test_it_is_said_what_is_wrong_with_a_description(self):
        self.add("mine/run", GOOD)
        for text, why in (('{"title": ', "is no JSON"),
                          ("[]", "is no JSON object"),
                          ('{"titel": "x"}', '"titel" is none of title'),
                          ('{"title": 1}', '"title" is no str'),
                          ('{"can": ["fly"]}', "lists fly, and may list req")):
            self.add("mine/peer.json", text, executable=False)
            self.assertIn(why, self.refused("mine"))

    def test_a_build_that_fails_shows_what_it_has_said(self):
        self.add("mine/run", GOOD)
        self.add("mine/build", SHELL + "echo no compiler; exit 1\n")
        mine = peers.read(self.folder)[0]["mine"]
        with self.assertRaisesRegex(peers.Unavailable, "failed: no compiler"):
            mine.build()

    # -- measuring -------------------------------------------------------------

    def measure(self, scenarios):
        """Three rounds of all peers, with a load that finds all well."""
        found, _ = peers.read(self.folder)
        options = types.SimpleNamespace(scenarios=scenarios, rounds=3, threads=1,
                                        seconds=1, idle=[10])
        well = {"server_cpu_us": 1, "server_bytes_per_connection": 1,
                "latency_us": {"p50": 1, "p99": 1}}
        said = io.StringIO()
        with mock.patch.dict(SERVERS, found), \
                mock.patch.object(measuring, "OUT", self.folder / ".out"), \
                mock.patch.object(measuring, "STARTING_SECONDS", 2), \
                mock.patch.object(run, "load", lambda *_: (well, None)), \
                redirect_stderr(said):
            measuring.OUT.mkdir()
            runs = run.measure(options, list(found))
        return runs, said.getvalue()

    def failures(self, runs, name):
        return [x["failure"] for x in runs if x["server"] == name]

    def test_the_others_are_measured_when_one_cannot_be(self):
        self.add("dies", SHELL + "exit 3\n")
        self.add("good", GOOD)
        self.add("missing", "#!/nowhere/at/all\n")
        self.add("silent", SHELL + "exec sleep 60\n")
        self.add("child", SHELL + '"$(dirname "$0")/good" "$@"\n')
        runs, said = self.measure(["request-64x1"])
        self.assertEqual(self.failures(runs, "good"), [None] * 3)
        for name, why in (("dies", "ended with status 3 before it listened"),
                          ("missing", "cannot be started"),
                          ("silent", "does not listen on 127.0.0.1"),
                          ("child", "begin the server with `exec`")):
            failures = self.failures(runs, name)
            # The third time would be a waste.
            self.assertEqual(len(failures), 2)
            self.assertIn(why, failures[0])
            self.assertIn(f"request-64x1, {name}: ", said)

    def test_a_peer_is_spared_what_it_cannot_do(self):
        self.add("good/run", GOOD)
        self.add("good/peer.json", '{"can": ["idle"]}', executable=False)
        runs, _ = self.measure(["request-64x1", "idle"])
        self.assertEqual([x["scenario"] for x in runs], ["idle"] * 3)

    def test_the_table_names_sources(self):
        self.add("good/run", GOOD)
        self.add("good/peer.json", '{"title": "Mine", "source": "here"}',
                 executable=False)
        runs, _ = self.measure(["request-64x1"])
        text = report.table({
            "rounds": 3, "seconds": 1, "threads": 1, "commit": "c",
            "machine": "m", "scenarios": ["request-64x1"], "servers": ["good"],
            "titles": {"good": "Mine"}, "sources": {"good": "here"},
            "runs": runs})
        self.assertIn("\nMine: here.\n", text)
        self.assertIn("| request-64x1 | Mine | 1.00 us |", text)


if __name__ == "__main__":
    unittest.main()
