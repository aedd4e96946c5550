"""python-socketio's client against a server: socketio_client.py URL."""

import sys
import threading

import socketio

for transports in (["polling"], ["websocket"], ["polling", "websocket"]):
    client = socketio.Client()
    heard = []
    has_heard = threading.Event()

    def news(text):
        heard.append(text)
        has_heard.set()

    client.on("news", news)
    client.on("page:confirm", lambda number: {"payload": number + 1})
    client.connect(sys.argv[1], transports=transports)
    assert client.call("app::t:echo", {"a": [1, "ü"]}) == {"payload": {"a": [1, "ü"]}}
    assert client.call("app::t:echo", (1, 2)) == {"payload": [1, 2]}
    assert client.call("app::t:refuse")["error"]["status"] == 403
    assert client.call("app::t:ask") == {"payload": 8}
    client.emit("app::t:publish", {"text": "hi"})
    assert has_heard.wait(10) and heard == ["hi"], heard
    carried = client.call("app::t:who")["payload"]["transport"]
    assert carried == transports[-1], carried
    client.disconnect()
    print("talked over", *transports)
