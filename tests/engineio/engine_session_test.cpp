// One session: what is polled and posted, the heartbeat, its ends.

#include "flamigo/engineio/detail/engine_session.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/engine_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;
using test::contains;

TEST_CASE("what is posted is answered, and polled what was sent") {
  engine_fixture f;
  auto sid = f.begin();
  auto got = f.post(sid, "4one\x1e"
                         "4two\x1e"
                         "bAQIDBA==");
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(contains(got, "Content-Type: text/html\r\n"));
  CHECK(body_of(got) == "ok");
  CHECK(body_of(f.get(sid))
        == "4one\x1e"
           "4two\x1e"
           "bAQIDBA==");
  // And one that waits.
  CHECK(f.get(sid).empty());
  f.post(sid, "4three");
  CHECK(body_of(f.getting.received()) == "4three");
  CHECK(f.echo.texts == 3);
}

TEST_CASE("what is no packet ends a session") {
  engine_fixture f;
  auto sid = f.begin();
  std::string_view body;
  SECTION("of no kind") {
    body = "abc";
  }
  SECTION("empty") {
    body = "4a\x1e";
  }
  SECTION("that clients do not send") {
    body = "2";
  }
  SECTION("in bytes that are no text") {
    body = "4\xff";
  }
  auto got = f.post(sid, body);
  CHECK(got.starts_with("HTTP/1.1 400 "));
  CHECK(f.get(sid).starts_with("HTTP/1.1 400 "));
  CHECK(f.has_ended());
  CHECK(f.echo.last_code == 1002);
}

TEST_CASE("two polls at the same time end a session") {
  engine_fixture f;
  auto sid = f.begin();
  f.get(sid);
  CHECK(f.say(f.posting, engine_request("GET", polling(sid)))
          .starts_with("HTTP/1.1 400 "));
  auto got = f.getting.received();
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(body_of(got) == "1");
  CHECK(f.has_ended());
}

TEST_CASE("a client that leaves its poll has gone") {
  engine_fixture f;
  auto sid = f.begin();
  f.get(sid);
  SECTION("by closing") {
    f.getting.close();
  }
  SECTION("by ending its side") {
    f.getting.shut_down();
  }
  f.settle();
  CHECK(f.has_ended());
  CHECK(f.echo.last_code == 1006);
  CHECK(f.core.open == 1);
}

TEST_CASE("a client ends its session") {
  engine_fixture f;
  auto sid = f.begin();
  f.get(sid);
  CHECK(body_of(f.post(sid, "1")) == "ok");
  CHECK(body_of(f.getting.received()) == "6");
  CHECK(f.has_ended());
  CHECK(f.echo.last_code == 1000);
  CHECK(f.get(sid).starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a session ends behind what was sent") {
  engine_fixture f;
  auto sid = f.begin();
  auto waits = false;
  SECTION("that is polled later") {
    // Nothing is held.
  }
  SECTION("that a poll waits for") {
    waits = true;
    f.get(sid);
  }
  f.loop.turn([&] {
    f.echo.last->send("la", "st");
    f.echo.last->end({close_code::kicked, "out"});
    f.echo.last->send("not", "this");
  });
  f.settle();
  CHECK(f.echo.open == 0);
  CHECK(f.echo.last_code == 3503);
  auto got = waits ? f.getting.received() : f.get(sid);
  // Clients hand to the page what comes before the end, but not what comes with
  // it.
  CHECK(body_of(got) == "4last");
  CHECK(f.endpoint.sessions() == 1);
  CHECK(body_of(f.get(sid)) == "1");
  CHECK(f.has_ended());
  CHECK(f.core.open == 2);
}

TEST_CASE("what nobody polls at the end is waited for, and not for ever") {
  engine_fixture f;
  auto sid = f.begin();
  f.loop.turn([&] { f.echo.last->end({close_code::kicked, "out"}); });
  f.settle();
  f.pass(4s);
  CHECK(f.endpoint.sessions() == 1);
  SECTION("usually") {
    f.pass(1s);
  }
  SECTION("even less while the server drains") {
    f.core.draining = true;
    f.pass(0s);
  }
  CHECK(f.endpoint.sessions() == 0);
  CHECK(f.core.open == 2);
}

TEST_CASE("a client is pinged, and answers in time") {
  engine_fixture f;
  auto sid = f.begin();
  f.get(sid);
  for (int i = 0; i < 3; ++i) {
    f.pass(24s);
    CHECK(f.getting.received().empty());
    f.pass(1s);
    CHECK(body_of(f.getting.received()) == "2");
    f.get(sid);
    f.pass(19s);
    CHECK(f.endpoint.sessions() == 1);
    f.post(sid, "3");
  }
  f.pass(25s);
  CHECK(body_of(f.getting.received()) == "2");
  f.get(sid);
  // Nothing else is a sign of life.
  f.pass(10s);
  f.post(sid, "4here");
  f.getting.received();
  f.get(sid);
  f.pass(10s);
  CHECK(body_of(f.getting.received()) == "1");
  CHECK(f.has_ended());
  CHECK(f.echo.last_code == 3012);
}

TEST_CASE("a client that never polls is given up") {
  engine_fixture f;
  auto sid = f.begin();
  f.pass(25s);
  f.pass(19s);
  CHECK(f.endpoint.sessions() == 1);
  f.pass(1s);
  CHECK(f.has_ended());
  CHECK(f.get(sid).starts_with("HTTP/1.1 400 "));
}

TEST_CASE("what waits to be polled has a bound") {
  engine_fixture f;
  f.core.options.max_backlog_bytes = 1'000;
  auto sid = f.begin();
  // One that is larger by itself.
  f.loop.turn([&] { f.echo.last->send({}, std::string(5'000, 'x')); });
  f.settle();
  CHECK(body_of(f.get(sid)).size() == 5'001);
  f.loop.turn([&] {
    for (int i = 0; i < 9; ++i)
      f.echo.last->send({}, std::string(100, 'x'));
  });
  f.settle();
  CHECK(f.echo.open == 1);
  f.loop.turn([&] { f.echo.last->send({}, std::string(100, 'x')); });
  f.settle();
  CHECK(f.echo.open == 0);
  CHECK(f.echo.last_code == 3008);
  CHECK(body_of(f.get(sid)) == "1");
  CHECK(f.has_ended());
}

TEST_CASE("who has found no room is told when there is some") {
  engine_fixture f;
  f.core.options.max_backlog_bytes = 1'000;
  auto sid = f.begin();
  f.loop.turn([&] {
    CHECK(f.echo.last->has_room(100));
    f.echo.last->send({}, std::string(400, 'x'));
    CHECK_FALSE(f.echo.last->has_room(100));
    // That somebody else finds room changes nothing.
    f.core.options.max_backlog_bytes = 10'000;
    CHECK(f.echo.last->has_room(1));
    f.core.options.max_backlog_bytes = 1'000;
  });
  f.settle();
  CHECK(f.echo.reliefs == 0);
  f.get(sid);
  CHECK(f.echo.reliefs == 1);
  f.loop.turn([&] { CHECK(f.echo.last->has_room(100)); });
}

TEST_CASE("a session that is cut leaves nothing") {
  engine_fixture f;
  auto sid = f.begin();
  f.get(sid);
  f.echo.last = nullptr;
  f.loop.for_each([](detail::resident& what) { what.cut(); });
  f.settle();
  CHECK(f.has_ended());
  CHECK(f.echo.last_code == 3001);
  CHECK(f.core.open == 0);
}
