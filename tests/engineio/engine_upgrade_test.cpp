// WebSockets: sessions that begin with one, and those that change over.

#include "flamigo/engineio/detail/engine_socket.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/engine_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;
using test::contains;

TEST_CASE("a session is a WebSocket from the start") {
  engine_fixture f;
  socket_pair ws;
  auto opening = frames_of(f.upgrade(ws, {}));
  auto sid = sid_of(opening);
  CHECK(opening
        == R"(0{"sid":")" + sid
             + R"(","upgrades":[],"pingInterval":25000,"pingTimeout":20000,)"
               R"("maxPayload":65536})");
  CHECK(f.echo.last->transport() == client_transport::websocket);
  CHECK(f.tell(ws, "4hello") == "4hello");
  CHECK(f.tell(ws, "bAQIDBA==") == "\1\2\3\4");
  ws.send_bytes(frame(fin | 2, "\5\6"));
  f.settle();
  auto got = ws.received();
  CHECK(got == std::string_view{"\x82\2\5\6"});
  // No other request is for it.
  CHECK(f.get(sid).starts_with("HTTP/1.1 400 "));
  CHECK(f.post(sid, "4x").starts_with("HTTP/1.1 400 "));
  CHECK(f.tell(ws, "4again") == "4again");
  CHECK(f.core.open == 3);
  SECTION("until the client says so") {
    CHECK(f.tell(ws, "1") == "1000");
    CHECK(f.echo.last_code == 1000);
  }
  SECTION("until the socket ends") {
    ws.close();
    f.settle();
    CHECK(f.echo.last_code == 1006);
  }
  SECTION("until a packet is none") {
    CHECK(f.tell(ws, "abc") == "1002");
    CHECK(f.echo.last_code == 1002);
  }
  SECTION("until the client sends a ping") {
    CHECK(f.tell(ws, "2") == "1002");
    CHECK(f.echo.last_code == 1002);
  }
  SECTION("until the owner ends it") {
    f.loop.turn([&] {
      f.echo.last->send({}, "last");
      f.echo.last->end({close_code::kicked, "out"});
    });
    f.settle();
    CHECK(frames_of(ws.received()) == "4last 3503");
    CHECK(f.echo.last_code == 3503);
  }
  CHECK(f.has_ended());
}

TEST_CASE("a WebSocket is pinged by packets") {
  engine_fixture f;
  socket_pair ws;
  f.upgrade(ws, {});
  f.pass(25s);
  CHECK(frames_of(ws.received()) == "2");
  CHECK(f.tell(ws, "3").empty());
  f.pass(25s);
  CHECK(frames_of(ws.received()) == "2");
  f.pass(20s);
  CHECK(frames_of(ws.received()) == "3012");
  CHECK(f.has_ended());
}

TEST_CASE("an answer that has come in time counts, seen or not") {
  engine_fixture f;
  socket_pair ws;
  f.upgrade(ws, {});
  f.pass(25s);
  ws.send_text("3");
  f.pass(20s);
  CHECK(f.echo.open == 1);
  CHECK(frames_of(ws.received()) == "2");
}

TEST_CASE("a session changes over, with nothing lost or out of order") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  CHECK(f.upgrade(ws, sid).empty());
  // A poll is held until the server knows that it upgrades.
  CHECK(f.get(sid).empty());
  f.post(sid, "4before");
  CHECK(body_of(f.getting.received()) == "4before");
  CHECK(f.get(sid).empty());
  CHECK(f.tell(ws, "2probe") == "3probe");
  CHECK(body_of(f.getting.received()) == "6");
  // From here on none is, however many there are.
  for (int i = 0; i < 3; ++i)
    CHECK(body_of(f.get(sid)) == "6");
  CHECK(body_of(f.post(sid, "4during")) == "ok");
  CHECK(body_of(f.get(sid)) == "4during");
  CHECK(body_of(f.get(sid)) == "6");
  f.post(sid, "4late\x1e"
              "4later\x1e"
              "bAQID");
  f.loop.turn([&] { f.echo.last->send({}, "from here"); });
  CHECK(f.echo.upgrades == 0);
  ws.send_bytes(frame(fin | opcode::text, "5")
                + frame(fin | opcode::text, "4first"));
  f.settle();
  CHECK(frames_of(ws.received()) == "4late 4later \1\2\3 4from here 4first");
  CHECK(f.echo.upgrades == 1);
  CHECK(f.echo.last->transport() == client_transport::websocket);
  CHECK(f.get(sid).starts_with("HTTP/1.1 400 "));
  CHECK(f.tell(ws, "4hello") == "4hello");
  CHECK(f.core.open == 3);
  // A poll's connection is nothing to it any more.
  f.getting.close();
  f.settle();
  CHECK(f.tell(ws, "4hello") == "4hello");
}

TEST_CASE("a poll that waits at the end of an upgrade is answered") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  f.upgrade(ws, sid);
  f.getting.send_bytes(engine_request("GET", polling(sid)));
  f.settle();
  ws.send_bytes(frame(fin | opcode::text, "2probe")
                + frame(fin | opcode::text, "5"));
  f.settle();
  CHECK(body_of(f.getting.received()) == "6");
  CHECK(f.tell(ws, "4x") == "3probe 4x");
}

TEST_CASE("an upgrade that comes to nothing leaves a session that polls") {
  engine_fixture f;
  auto sid = f.begin();
  auto ws = std::make_unique<socket_pair>();
  f.upgrade(*ws, sid);
  SECTION("before the probe") {
    ws->close();
  }
  SECTION("behind the probe") {
    f.tell(*ws, "2probe");
    ws->close();
  }
  SECTION("by a packet that is another one") {
    CHECK(f.tell(*ws, "4hello") == "1002");
    ws->close();
  }
  SECTION("by an end without a probe") {
    CHECK(f.tell(*ws, "5") == "1002");
    ws->close();
  }
  SECTION("by bytes") {
    f.tell(*ws, "2probe");
    ws->send_bytes(frame(fin | 2, "5"));
    f.settle();
    ws->close();
  }
  SECTION("by taking too long") {
    f.tell(*ws, "2probe");
    f.pass(10s);
    CHECK(frames_of(ws->received()) == "1002");
    ws->close();
  }
  f.settle();
  CHECK(f.core.open == 3);
  // Polls are held again.
  CHECK(f.get(sid).empty());
  f.post(sid, "4hello");
  CHECK(body_of(f.getting.received()) == "4hello");
  CHECK(f.echo.texts == 1);
  // And it may try again.
  socket_pair next;
  f.upgrade(next, sid);
  CHECK(f.tell(next, "2probe") == "3probe");
  CHECK(f.tell(next, "5").empty());
  CHECK(f.tell(next, "4x") == "4x");
}

TEST_CASE("one WebSocket upgrades a session, and no other one") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  socket_pair second;
  f.upgrade(ws, sid);
  CHECK(frames_of(f.upgrade(second, sid)) == "1002");
  CHECK(f.tell(ws, "2probe") == "3probe");
  f.tell(ws, "5");
  socket_pair third;
  CHECK(frames_of(f.upgrade(third, sid)) == "1002");
  CHECK(f.tell(ws, "4hello") == "4hello");
}

TEST_CASE("a session that ends while it upgrades leaves nothing") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  f.upgrade(ws, sid);
  f.tell(ws, "2probe");
  std::string end = "1001";
  SECTION("by the client's doing") {
    f.post(sid, "1");
  }
  SECTION("by that of its owner") {
    f.loop.turn([&] { f.echo.last->end({close_code::kicked, "out"}); });
    f.settle();
    CHECK(body_of(f.get(sid)) == "1");
  }
  SECTION("by silence") {
    f.pass(25s);
    f.pass(20s);
    // The upgrade has less time.
    end = "1002";
  }
  SECTION("by a packet that is none") {
    f.post(sid, "2");
  }
  CHECK(f.has_ended());
  CHECK(frames_of(ws.received()) == end);
  ws.close();
  f.settle();
  CHECK(f.core.open == 2);
}

TEST_CASE("what was sent before an end goes over to the WebSocket") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  f.upgrade(ws, sid);
  f.tell(ws, "2probe");
  f.loop.turn([&] {
    f.echo.last->send({}, "last");
    f.echo.last->end({close_code::shutting_down, "later"});
  });
  f.settle();
  CHECK(f.echo.last_code == 3001);
  CHECK(f.tell(ws, "5") == "4last 1001");
  CHECK(f.has_ended());
  CHECK(f.tell(ws, "4nobody hears that").empty());
  ws.close();
  f.settle();
  CHECK(f.core.open == 2);
}

TEST_CASE("a session that ends in the moment of its upgrade closes it") {
  engine_fixture f;
  auto sid = f.begin();
  socket_pair ws;
  f.upgrade(ws, sid);
  f.tell(ws, "2probe");
  // Both are there to be read at the same time.
  f.posting.send_bytes(engine_request("POST", polling(sid),
                                      "4last\x1e"
                                      "4the end"));
  ws.send_text("5");
  f.settle();
  CHECK(f.echo.last_code == 3503);
  CHECK(frames_of(ws.received()) == "4last 1001");
  CHECK(f.has_ended());
  ws.close();
  f.settle();
  CHECK(f.core.open == 2);
}

TEST_CASE("a WebSocket that is too slow ends its session") {
  engine_fixture f;
  f.core.options.max_backlog_bytes = 10'000;
  socket_pair ws;
  f.upgrade(ws, {});
  for (int i = 0; i < 200 && f.echo.open == 1; ++i) {
    f.loop.turn([&] {
      if (f.echo.open == 1)
        f.echo.last->send({}, std::string(9'000, 'x'));
    });
    f.settle();
  }
  CHECK(f.echo.last_code == 3008);
  CHECK(f.has_ended());
}
