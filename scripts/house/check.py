"""Holds the files against the plan. Each complaint is a sentence that says what
to do."""

import re
import subprocess

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]'
                     r'((?:flamigo/|boost/(?:asio|beast)\b)[^">]+)', re.MULTILINE)
# Quotes are for our files, named from where their library begins.
ASIDE = re.compile(r'^\s*#\s*include\s*"(?!flamigo/)([^"]+)"', re.MULTILINE)
# What a front door may have in it.
OPENS = re.compile(r'(?:#pragma once|#include "flamigo/[^"]+"|//.*)?')
# What a page says a file is called.
NAMED = re.compile(r"`((?:libflamigo|actors|bridge|tests|benchmarks|examples|tools|"
                   r"scripts|cmake|docs)/[\w./@-]+\.\w+)`")
LINK = re.compile(r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


class Check:
    def __init__(self, root, plan):
        self.root = root
        self.plan = plan
        self.complaints = []
        self.used = set()
        self.files = subprocess.run(
            ["git", "-C", root, "ls-files", "--cached", "--others",
             "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout.splitlines()

    def run(self):
        for file in self.files:
            if not (self.root / file).is_file():
                continue
            if file.startswith(
                    tuple(x + "/flamigo/" for x in self.plan.libraries())):
                self.library_file(file)
            elif file.startswith(("examples/", "tools/flamigo/templates/")) or (
                    file.endswith(".md") and file.startswith(("docs/", "README"))):
                self.users_file(file)
            if file.endswith(".md") and not file.startswith("CHANGELOG"):
                self.page(file)
        self.tour()
        self.tests()
        for room, known in self.plan.arrows.items():
            for other in known:
                if (room, other) not in self.used:
                    self.complain(self.plan.path.relative_to(self.root),
                                  f"{room} does not include {other} any more: "
                                  "take it out")
        return self.complaints

    def includes(self, file):
        return INCLUDE.findall((self.root / file).read_text(encoding="utf-8"))

    def library_file(self, file):
        if not file.endswith((".cpp", ".hpp")):
            return self.complain(file, "a library's files are .cpp and .hpp")
        library, _, rest = file.split("/", 2)
        room, slash, inner = rest.partition("/")
        if not slash:
            return self.front_door(file)
        if self.plan.library.get(room) != library:
            return self.complain(
                file, f"{library} has no room '{room}': enter it in docs/rooms.txt")
        if "/" in inner and not re.fullmatch(r"detail/[^/]+", inner):
            self.complain(file, f"a room has one back room, {room}/detail")
        for name in ASIDE.findall((self.root / file).read_text(encoding="utf-8")):
            self.complain(file, f'"{name}": name it as "flamigo/<room>/<file>"')
        if file.endswith(".hpp") and not inner.startswith("detail/"):
            self.public_header(file)
        for name in self.includes(file):
            if name.startswith("boost/"):
                if library != "bridge" or (file.endswith(".hpp")
                                           and not inner.startswith("detail/")):
                    self.complain(file, f"<{name}> may stand in .cpp files and in "
                                  "detail/ of the bridge only")
                continue
            _, _, target = name.partition("/")
            other, slash, _ = target.partition("/")
            if not slash:
                self.complain(file, f'"{name}" is a front door, for users: include '
                              "what is needed of the room")
            elif other != room:
                self.used.add((room, other))
                if other not in self.plan.arrows[room]:
                    self.complain(
                        file, f'"{name}": {room} may not include {other}; if it '
                        "should, change docs/rooms.txt")

    def front_door(self, file):
        """A header that opens rooms to users has nothing of its own."""
        text = (self.root / file).read_text(encoding="utf-8")
        if file.endswith(".cpp") or not all(
                OPENS.fullmatch(x) for x in text.splitlines()):
            return self.complain(file, "only front doors stand outside of rooms, and "
                                 "they include rooms and nothing else")
        for name in self.includes(file):
            if "/detail/" in name:
                self.complain(file, f'"{name}" is ours alone')

    def public_header(self, file):
        """Who includes it reads no Asio, through whatever it includes."""
        seen, waiting = {file}, [file]
        while waiting:
            here = waiting.pop()
            for name in self.includes(here):
                if name.startswith("boost/") and here != file:
                    return self.complain(file, f"it brings <{name}> to users, "
                                         f"through {here}")
                for library in self.plan.libraries():
                    there = f"{library}/{name}"
                    if there not in seen and (self.root / there).is_file():
                        seen.add(there)
                        waiting.append(there)

    def users_file(self, file):
        for name in self.includes(file):
            if "/detail/" in name:
                self.complain(file, f"<{name}> is not for users: detail/ is ours "
                              "alone")
            elif file.endswith(".md") and name.count("/") > 1:
                self.complain(file, f"<{name}>: examples include front doors, such "
                              "as <flamigo/flamigo.hpp>")

    def page(self, file):
        text = (self.root / file).read_text(encoding="utf-8")
        for name in NAMED.findall(text):
            if not (self.root / name).exists():
                self.complain(file, f"there is no {name}")
        for name in LINK.findall(CODE.sub("", text)):
            if not (self.root / file).parent.joinpath(name).exists():
                self.complain(file, f"there is no {name}")

    def tests(self):
        """A room's tests are built."""
        page = "tests/CMakeLists.txt"
        built = re.findall(r"[\w-]+", (self.root / page).read_text(encoding="utf-8"))
        for room in self.plan.library:
            if room not in built and list(
                    (self.root / "tests" / room).glob("*_test.cpp")):
                self.complain(page, f"enter the room `{room}`: its tests are not built")

    def tour(self):
        """Every room is introduced to the reader."""
        page = "docs/architecture.md"
        text = (self.root / page).read_text(encoding="utf-8")
        for room in self.plan.library:
            if f"\n| `{room}` | " not in text:
                self.complain(page, f"say what the room `{room}` is about")

    def complain(self, file, what):
        self.complaints.append(f"{file}: {what}")
