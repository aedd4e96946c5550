#include <chrono>

#include <catch2/catch_test_macros.hpp>

#include "support/remote_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::remote_fixture;
using test::strings;

TEST_CASE("answers may overtake each other") {
  remote_fixture x;
  x.begin();
  x.call("a");
  x.call("b");
  CHECK(x.sent().size() == 2);
  x.reply("2", 2);
  x.reply("1", 1);
  // Late, and of nobody.
  x.reply("3", 1);
  x.reply("3", 99);
  CHECK(x.results == strings{"2", "1"});
}

TEST_CASE("a call without a connection waits for one, or fails") {
  remote_fixture x;
  x.session->open();
  x.call("a");
  x.call("b", {.offline = when_offline::fail});
  CHECK(x.results == strings{"offline"});
  CHECK(x.sent().empty());
  x.take();
  CHECK(x.sent().size() == 1);
  x.reply("1", 1);
  CHECK(x.results == strings{"offline", "1"});
}

TEST_CASE("a call that finds no connection in time was not sent") {
  remote_fixture x;
  x.session->open();
  caf::error why;
  x.call("a",
         [&](const caf::expected<std::string>& what) { why = what.error(); },
         {.timeout = 9s});
  x.pass(9s);
  CHECK(code_of(why) == "offline");
  CHECK_FALSE(may_have_run(why));
  x.take();
  CHECK(x.sent().empty());
}

TEST_CASE("a call that is not sent says why there is no connection") {
  remote_fixture x;
  std::string said;
  auto call = [&](const remote_call_options& how) {
    x.call(
      "a",
      [&](const caf::expected<std::string>& what) {
        said = code_of(what.error()) + ": " + public_message(what.error());
      },
      how);
  };
  x.session->open();
  call({.offline = when_offline::fail});
  CHECK(said == "offline: there is no connection");
  x.lose(1012, "see you");
  call({.offline = when_offline::fail});
  CHECK(said == "offline: there is no connection: see you");
  // The next attempt does not know better yet.
  call({.timeout = 2s});
  x.pass(2s);
  CHECK(x.states.back() == "connecting");
  CHECK(said == "offline: it could not be sent in time: see you");
  // What is long over is no reason.
  x.take();
  x.pass(1s);
  call({.timeout = -1ms});
  CHECK(said == "offline: its time was up before it could be sent");
}

TEST_CASE("a call that has no time left fails at once") {
  remote_fixture x;
  x.begin();
  x.call("a", {.timeout = -1ns});
  CHECK(x.results == strings{"offline"});
  CHECK(x.sent().empty());
}

TEST_CASE("a call whose answer is lost may have run, and is not sent again") {
  remote_fixture x;
  x.begin();
  caf::error why;
  x.call("a",
         [&](const caf::expected<std::string>& what) { why = what.error(); });
  x.call("b", {.idempotent = true});
  x.sent();
  x.lose();
  CHECK(code_of(why) == "lost");
  CHECK(may_have_run(why));
  CHECK(x.results.empty());
  x.pass(1s);
  x.take();
  CHECK(x.said() == R"({"topic":"b","payload":null,"ackId":"2"})");
  x.reply("2", 2);
  CHECK(x.results == strings{"2"});
}

TEST_CASE("a call that takes too long is given up at both ends") {
  remote_fixture x;
  x.begin();
  caf::error why;
  x.call("a",
         [&](const caf::expected<std::string>& what) { why = what.error(); },
         {.timeout = 2s});
  x.sent();
  x.pass(2s);
  CHECK(why == errc::timeout);
  CHECK(may_have_run(why));
  auto said = x.sent();
  REQUIRE(said.size() == 2);
  CHECK(said[0]
        == R"({"topic":"app::websocket:cancel","payload":{"ackId":"1"}})");
  // Whether the server is there at all.
  CHECK(test::contains(said[1], R"("ackId":"-")"));
  x.refuse(499, "cancelled", 1);
}

TEST_CASE("a call is cancelled") {
  remote_fixture x;
  auto cancel = [&](std::uint64_t id) {
    x.session->cancel(id, make_error(errc::cancelled));
  };
  x.session->open();
  auto waits = x.call("a");
  cancel(waits);
  x.take();
  CHECK(x.sent().empty());
  auto goes = x.call("b");
  x.sent();
  cancel(goes);
  CHECK(x.said()
        == R"({"topic":"app::websocket:cancel","payload":{"ackId":"2"}})");
  cancel(goes);
  CHECK(x.sent().empty());
  CHECK(x.results == strings{"cancelled", "cancelled"});
  caf::error why;
  auto tried = x.call("c", [&](const caf::expected<std::string>& what) {
    why = what.error();
  });
  cancel(tried);
  CHECK(may_have_run(why));
  x.lose();
  cancel(x.call("d", [&](const caf::expected<std::string>& what) {
    why = what.error();
  }));
  CHECK_FALSE(may_have_run(why));
}

TEST_CASE("so many calls are in flight, the others wait for their turn") {
  remote_options options;
  options.max_in_flight = 2;
  remote_fixture x{options};
  x.begin();
  for (auto i = 0; i < 4; ++i)
    x.call("a");
  CHECK(x.sent().size() == 2);
  x.reply("1", 1);
  CHECK(x.said() == R"({"topic":"a","payload":null,"ackId":"3"})");
  // Channels do not wait behind them.
  x.join("c");
  CHECK(x.sent().size() == 1);
}

TEST_CASE("of what was too large only the longest is blamed") {
  remote_fixture x;
  x.begin();
  x.call("a", {.idempotent = true});
  x.call("a long name", {.idempotent = true});
  x.sent();
  SECTION("which is a call") {
    x.lose(1009);
    CHECK(x.results == strings{"too_large"});
    x.pass(1s);
    x.take();
    CHECK(x.sent().size() == 1);
  }
  SECTION("which has been answered, or was none") {
    x.call("a longer name than any other");
    x.reply("1", 3);
    x.lose(1009);
    CHECK(x.results == strings{"1"});
    x.pass(1s);
    x.take();
    CHECK(x.sent().size() == 3);
  }
}

TEST_CASE("what was lost once may have run, whatever is said of it later") {
  remote_fixture x;
  x.begin();
  caf::error why;
  x.call("a",
         [&](const caf::expected<std::string>& what) { why = what.error(); },
         {.idempotent = true});
  x.lose();
  x.pass(1s);
  x.take();
  x.refuse(403, "forbidden", 1);
  CHECK(why == errc::forbidden);
  CHECK(public_message(why) == "no");
  CHECK(may_have_run(why));
  x.call("a",
         [&](const caf::expected<std::string>& what) { why = what.error(); });
  x.refuse(403, "forbidden", 2);
  CHECK_FALSE(may_have_run(why));
}

TEST_CASE("an answer comes in parts, each of which has its time") {
  remote_fixture x;
  x.begin();
  detail::remote_request what;
  what.topic = "rows";
  what.payload = [] { return std::string{"1"}; };
  strings rows;
  what.part = [&](const std::string& row) { rows.push_back(row); };
  what.done = [&](const caf::expected<std::string>& end) {
    x.results.push_back(end ? *end : code_of(end.error()));
  };
  auto part = [&](int row) {
    x.say(R"({"topic":"rows","payload":)" + std::to_string(row)
          + R"(,"ackId":"1","more":true})");
  };
  x.session->call(std::move(what), {.timeout = 3s});
  for (auto i = 1; i < 4; ++i) {
    x.pass(2s);
    part(i);
  }
  CHECK(rows == strings{"1", "2", "3"});
  SECTION("it ends") {
    x.reply("null", 1);
    CHECK(x.results == strings{"null"});
  }
  SECTION("it fails") {
    x.refuse(409, "conflict", 1);
    CHECK(x.results == strings{"conflict"});
  }
  SECTION("it does not go on") {
    x.pass(3s);
    CHECK(x.results == strings{"timeout"});
  }
}

TEST_CASE("who closes fails what is open, and says what may have run") {
  remote_fixture x;
  x.begin();
  x.call("a");
  x.session->close();
  CHECK(x.results == strings{"lost"});
  remote_fixture y;
  y.session->open();
  y.call("a");
  y.session->close();
  CHECK(y.results == strings{"closed"});
}

TEST_CASE("an error is read with all that the server says") {
  auto why = detail::read_remote_error(
    R"({"message":"no","status":400,"code":"invalid_payload",)"
    R"("fieldErrors":[{"field":"text","error":"is required"}],)"
    R"("retryAfterMs":20,"trace":"a: b"})");
  CHECK(why == errc::invalid_payload);
  CHECK(public_message(why) == "no");
  REQUIRE(field_errors_of(why).size() == 1);
  CHECK(field_errors_of(why)[0].field == "text");
  CHECK(retry_after_of(why) == 20ms);
  CHECK(trace_of(why) == "a: b");
  auto own = detail::read_remote_error(R"({"message":"sold","status":410,)"
                                       R"("code":"sold_out"})");
  CHECK(code_of(own) == "sold_out");
  CHECK(status_of(own) == 410);
}
