"""The plan of the house, docs/rooms.txt: libraries, their rooms, and which rooms
each room may include."""

import pathlib


class Plan:
    def __init__(self, path):
        self.path = path
        # room -> library, from the ground up.
        self.library = {}
        # room -> rooms that it may include.
        self.arrows = {}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            self._read(line.partition("#")[0], f"{path}:{number}")

    def _read(self, line, where):
        if not line.strip():
            return
        if not line.startswith(" "):
            self._current = line.strip()
            return
        room, colon, known = line.partition(":")
        room = room.strip()
        if not colon:
            raise SystemExit(f"{where}: write `room: rooms that it includes`")
        if room in self.library:
            raise SystemExit(f"{where}: there is a room '{room}' above")
        known = known.split()
        for other in known:
            if other not in self.library:
                raise SystemExit(
                    f"{where}: '{room}' may include only rooms above it in this "
                    f"file, and '{other}' is none")
        self.library[room] = self._current
        self.arrows[room] = known

    def libraries(self):
        return list(dict.fromkeys(self.library.values()))

    def rooms_of(self, library):
        return [x for x, of in self.library.items() if of == library]

    def reach(self):
        """room -> all rooms that it knows, through others as well."""
        result = {}
        for room, known in self.arrows.items():
            result[room] = set(known).union(*(result[x] for x in known))
        return result

    def above(self, room):
        """This room and all that know it, from the ground up."""
        if room not in self.library:
            raise SystemExit(f"{self.path}: there is no room '{room}'")
        reach = self.reach()
        return [x for x in self.library if x == room or room in reach[x]]

    def needed_arrows(self):
        """The arrows that do not follow from others: what a picture shows."""
        reach = self.reach()
        return {
            room: [x for x in known
                   if not any(x in reach[y] for y in known if y != x)]
            for room, known in self.arrows.items()}


def load(root: pathlib.Path) -> Plan:
    return Plan(root / "docs" / "rooms.txt")
