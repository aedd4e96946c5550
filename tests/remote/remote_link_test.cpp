#include <chrono>
#include <cstdint>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "support/remote_fixture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::remote_fixture;
using test::strings;

namespace {

using codes = std::vector<std::uint16_t>;

/// The token that is asked for is "t1", then "t2".
remote_options with_tokens(caf::timespan expires_in = caf::timespan{0}) {
  remote_options result;
  result.token = [n = 0, expires_in]() mutable -> caf::expected<remote_token> {
    return remote_token{"t" + std::to_string(++n), expires_in};
  };
  return result;
}

std::string auth(const std::string& token, int ack_id) {
  return R"({"topic":"app::websocket:auth","payload":{"token":")" + token
         + R"("},"ackId":")" + std::to_string(ack_id) + R"("})";
}

} // namespace

TEST_CASE("a guest is open at once, and who has a token when it is taken") {
  remote_fixture guest;
  guest.session->open();
  guest.take();
  CHECK(guest.states == strings{"connecting", "open"});
  CHECK(guest.sent().empty());

  remote_fixture ada{with_tokens()};
  ada.session->open();
  ada.call("a");
  ada.take();
  // Nothing else before the server knows us.
  CHECK(ada.said() == auth("t1", 2));
  CHECK(ada.states == strings{"connecting", "authenticating"});
  ada.reply(R"({"success":true})", 2);
  CHECK(ada.states == strings{"connecting", "authenticating", "open"});
  CHECK(ada.said() == R"({"topic":"a","payload":null,"ackId":"1"})");
}

TEST_CASE("attempts come later and later, at any time up to a bound") {
  remote_fixture x;
  x.session->open();
  for (auto most :
       {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 20000ms, 20000ms}) {
    x.lose();
    CHECK(x.states.back() == "waiting");
    CHECK(x.reason.cause == remote_cause::lost);
    CHECK(x.retry_in == most / 2);
    x.pass(x.retry_in - 1ms);
    CHECK(x.states.back() == "waiting");
    x.pass(1ms);
    CHECK(x.states.back() == "connecting");
  }
  // One that does not last changes nothing, one that does begins anew.
  x.take();
  x.pass(4s);
  x.lose();
  CHECK(x.retry_in == 10s);
  x.pass(10s);
  x.take();
  x.pass(5s);
  x.lose();
  CHECK(x.retry_in == 250ms);
}

TEST_CASE("a close code says whether to come again, and when") {
  auto after = [](std::uint16_t code, bool has_token = false) {
    remote_fixture x{has_token ? with_tokens() : remote_options{}};
    x.session->open();
    x.take();
    x.lose(code);
    return x.states.back();
  };
  for (auto code :
       codes{1000, 1001, 1009, 1011, 3001, 3005, 3008, 3012, 3013, 4000, 4499})
    CHECK(after(code) == "waiting");
  for (auto code : codes{1002, 1003, 1007, 3501, 3503, 4500, 4999})
    CHECK(after(code) == "closed");
  CHECK(after(3502) == "closed");
  CHECK(after(3502, true) == "waiting");
  remote_fixture x;
  x.begin();
  x.lose(3013);
  CHECK(x.retry_in == 15s);
}

TEST_CASE("a token is shown again, and asked for anew when it has ended") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.take();
  x.reply("{}", 1);
  x.sent();
  SECTION("lost") {
    // Nobody knows how long it is good, so another one is asked for.
    x.lose();
    x.pass(1s);
    x.take();
    CHECK(x.said() == auth("t2", 2));
  }
  SECTION("expired") {
    x.lose(3005);
    x.pass(1s);
    x.take();
    CHECK(x.said() == auth("t2", 2));
  }
}

TEST_CASE("a token is renewed before it ends") {
  auto options = with_tokens();
  options.heartbeat = 0s;
  remote_fixture x{options};
  x.session->open();
  x.take();
  x.reply(R"({"success":true,"expiresInMs":100000})", 1);
  x.sent();
  x.lose();
  x.pass(1s);
  x.take();
  // It is still good.
  CHECK(x.said() == auth("t1", 2));
  x.reply("{}", 2);
  x.pass(70s);
  x.sent();
  x.pass(10s);
  CHECK(x.said() == auth("t2", 3));
  CHECK(x.states.back() == "open");
}

TEST_CASE("a token that is refused is asked for again") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.take();
  x.sent();
  x.refuse(401, "unauthorized", 1);
  CHECK(x.states.back() == "waiting");
  CHECK(x.reason.cause == remote_cause::token);
  CHECK(x.reason.error == errc::unauthorized);
  x.pass(1s);
  CHECK(x.said() == auth("t2", 2));
  x.reply("{}", 2);
  CHECK(x.states.back() == "open");
  CHECK(x.made == 1);
}

TEST_CASE("an old token that is refused is replaced at once, a new one later") {
  remote_fixture x{with_tokens()};
  x.session->open();
  auto shown = 1;
  SECTION("nobody has seen it yet") {
    x.lose();
  }
  SECTION("another connection was shown it") {
    x.take();
    x.reply(R"({"expiresInMs":100000})", shown++);
    x.lose();
  }
  x.sent();
  x.pass(1s);
  x.take();
  CHECK(x.said() == auth("t1", shown));
  x.refuse(401, "unauthorized", shown++);
  x.pass(0s);
  CHECK(x.said() == auth("t2", shown));
  CHECK(x.states.back() == "authenticating");
  x.refuse(401, "unauthorized", shown++);
  x.pass(0s);
  CHECK(x.sent().empty());
  CHECK(x.states.back() == "waiting");
  x.pass(1s);
  CHECK(x.said() == auth("t3", shown));
  CHECK(x.made == 2);
}

TEST_CASE("an old token is not replaced at once where that does not help") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.lose();
  x.pass(1s);
  x.take();
  x.sent();
  x.closed = 0;
  SECTION("the server needs time") {
    x.refuse(503, "unavailable", 1);
    CHECK(x.closed == 0);
  }
  SECTION("the connection is somebody else's") {
    x.refuse(409, "conflict", 1);
    CHECK(x.closed == 1);
  }
  x.pass(0s);
  CHECK(x.sent().empty());
  CHECK(x.states.back() == "waiting");
}

TEST_CASE("without a token no socket is opened") {
  remote_options options;
  options.token = []() -> caf::expected<remote_token> {
    return make_error(errc::unavailable, "the key is away");
  };
  remote_fixture x{options};
  x.session->open();
  CHECK(x.states.back() == "waiting");
  CHECK(x.reason.message == "the key is away");
  CHECK(x.made == 0);
}

TEST_CASE(
  "behind a call that is refused for want of a token another is shown") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.take();
  x.reply("{}", 1);
  x.pass(5s);
  x.call("a");
  x.call("b", {.idempotent = true});
  x.sent();
  // Of a strategy perhaps, which has done something: only what may be done
  // twice is made again.
  x.refuse(401, "unauthorized", 2);
  x.refuse(401, "unauthorized", 3);
  CHECK(x.results == strings{"unauthorized"});
  x.pass(0s);
  CHECK(x.said() == auth("t2", 4));
  x.reply("{}", 4);
  CHECK(x.said() == R"({"topic":"b","payload":null,"ackId":"3"})");
  // That token was good a moment ago.
  x.refuse(401, "unauthorized", 3);
  CHECK(x.results == strings{"unauthorized", "unauthorized"});
}

TEST_CASE("the waits begin anew where a good connection wants another token") {
  auto is_away = false;
  auto options = with_tokens();
  options.heartbeat = 0s;
  options.token = [&, token = options.token]() -> caf::expected<remote_token> {
    if (is_away)
      return make_error(errc::unavailable, "the key is away");
    return token();
  };
  remote_fixture x{options};
  x.session->open();
  for (int i = 0; i < 6; ++i) {
    x.lose();
    x.pass(x.retry_in);
  }
  x.take();
  x.reply("{}", 1);
  x.pass(1h);
  is_away = true;
  x.call("a");
  x.refuse(401, "unauthorized", 2);
  x.pass(0s);
  CHECK(x.states.back() == "waiting");
  CHECK(x.retry_in == 250ms);
}

TEST_CASE("a renewal that is overtaken by another one is forgotten") {
  auto options = with_tokens(100s);
  options.heartbeat = 0s;
  remote_fixture x{options};
  x.session->open();
  x.take();
  x.reply("{}", 1);
  x.pass(80s - 1ms);
  x.call("a");
  x.sent();
  x.pass(1ms);
  CHECK(x.said() == auth("t2", 3));
  x.refuse(401, "unauthorized", 2);
  x.reply("{}", 3);
  x.pass(0s);
  CHECK(x.said() == auth("t3", 4));
  x.reply("{}", 4);
  CHECK(x.states.back() == "open");
  x.call("b");
  CHECK(x.sent().size() == 1);
}

TEST_CASE("a token that is good for ever is shown again") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.take();
  x.reply(R"({"expiresInMs":9223372036854775807})", 1);
  x.sent();
  x.lose();
  x.pass(1s);
  x.take();
  CHECK(x.said() == auth("t1", 2));
}

TEST_CASE("a token of somebody else gets a connection of its own") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.take();
  x.reply("{}", 1);
  x.pass(5s);
  x.call("a");
  x.sent();
  x.refuse(401, "unauthorized", 2);
  x.pass(0s);
  x.refuse(409, "conflict", 3);
  CHECK(x.closed == 1);
  x.pass(1s);
  CHECK(x.made == 2);
}

TEST_CASE("a token that nobody has seen is not asked for again") {
  remote_fixture x{with_tokens()};
  x.session->open();
  x.lose();
  x.pass(1s);
  x.take();
  CHECK(x.said() == auth("t1", 1));
}

TEST_CASE("a server that is silent is asked, and given up") {
  remote_fixture x;
  x.begin();
  x.pass(29s);
  CHECK(x.sent().empty());
  x.pass(1s);
  CHECK(x.said()
        == R"({"topic":"app::websocket:cancel","payload":{"ackId":"-"},)"
           R"("ackId":"-"})");
  x.pass(1s);
  x.say(R"({"topic":"app::websocket:cancel","payload":{"cancelled":false},)"
        R"("ackId":"-"})");
  x.pass(29s);
  CHECK(x.closed == 0);
  CHECK(x.sent().empty());
  x.pass(1s);
  CHECK(x.sent().size() == 1);
  x.pass(10s);
  CHECK(x.states.back() == "waiting");
  CHECK(x.reason.message == "the server does not answer");
  CHECK(x.closed == 1);
}

TEST_CASE("a socket that does not open in time is given up") {
  remote_fixture x;
  x.session->open();
  x.pass(10s);
  CHECK(x.states == strings{"connecting", "waiting"});
  CHECK(x.closed == 1);
}

TEST_CASE("what is closed stays so, until it is to reconnect") {
  remote_fixture x;
  x.begin();
  x.session->close();
  CHECK(x.states == strings{"closed"});
  x.call("a");
  CHECK(x.results == strings{"closed"});
  x.pass(100s);
  CHECK(x.made == 1);
  x.session->reconnect();
  x.take();
  x.call("a");
  CHECK(x.sent().size() == 1);
}

TEST_CASE("who says what is no protocol is left for good") {
  remote_fixture x;
  x.begin();
  x.say("hello");
  CHECK(x.states == strings{"closed"});
  CHECK(x.reason.message.starts_with("this is no Flamigo server"));
}

TEST_CASE("an asking that a token overtakes is over, and others begin") {
  auto options = with_tokens(100s);
  remote_fixture x{options};
  x.session->open();
  x.take();
  x.reply("{}", 1);
  x.pass(25s);
  x.call("a");
  x.sent();
  x.refuse(401, "unauthorized", 2);
  // The server is asked while nobody may ask.
  x.pass(0s);
  x.reply("{}", 3);
  x.sent();
  x.pass(30s);
  CHECK(x.sent().size() == 1);
  x.pass(10s);
  CHECK(x.closed == 1);
}

TEST_CASE("a time without end is none too long") {
  remote_fixture x{{.heartbeat = 0s}};
  x.begin();
  x.call("a", {.timeout = caf::timespan::max()});
  x.pass(24h);
  CHECK(x.results.empty());
}
