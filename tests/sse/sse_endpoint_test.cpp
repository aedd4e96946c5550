// What a request is answered that is not as it should be, and pages of other
// origins.

#include "flamigo/sse/detail/sse_endpoint.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/sse_fixture.hpp"

using namespace flamigo;
using namespace flamigo::test;

TEST_CASE("a stream begins with the name of its session") {
  sse_fixture f;
  auto got = f.say(f.getting, f.get());
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(contains(got, "Content-Type: text/event-stream\r\n"));
  CHECK(contains(got, "Cache-Control: no-store\r\n"));
  CHECK(contains(got, "X-Accel-Buffering: no\r\n"));
  CHECK(contains(got, "Transfer-Encoding: chunked\r\n"));
  CHECK_FALSE(contains(got, "Access-Control"));
  auto lines = lines_of(got.substr(got.find("\r\n\r\n") + 4));
  auto session = between(lines, R"("session":")", "\"");
  CHECK(session.size() == 32);
  CHECK(lines == "event: open\ndata: {\"session\":\"" + session + "\"}\n\n");
  CHECK(f.endpoint.sessions() == 1);
}

TEST_CASE("a client of HTTP/1.0 gets a stream as well") {
  sse_fixture f;
  auto got = f.say(f.getting, "GET /sse HTTP/1.0\r\nHost: x\r\n\r\n");
  CHECK(got.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK(contains(got, "\r\n\r\nevent: open\n"));
}

TEST_CASE("a frame for no stream is answered 404, as clients read errors") {
  sse_fixture f;
  f.begin(f.getting);
  auto refused = [&](const std::string& request) {
    auto got = f.say(f.posting, request);
    CHECK(got.starts_with("HTTP/1.1 404 "));
    CHECK(contains(got, "Content-Type: application/json\r\n"));
    CHECK(got.ends_with(R"({"message":"there is no stream of this session",)"
                        R"("status":404,"code":"unknown_session"})"));
  };
  refused(f.post("abc", call("app::t:echo")));
  refused(f.post("", call("app::t:echo")));
  refused("POST /sse HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  CHECK(f.heard().empty());
  f.core.draining = true;
  auto got = f.say(f.posting, f.post("abc", call("app::t:echo")));
  CHECK(got.starts_with("HTTP/1.1 503 "));
  CHECK(contains(got, R"("code":"unavailable")"));
}

TEST_CASE("other methods are told which there are") {
  sse_fixture f;
  for (std::string method : {"PUT", "DELETE", "HEAD"}) {
    auto got = f.say(f.posting, method + " /sse HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(got.starts_with("HTTP/1.1 405 "));
    CHECK(contains(got, "Allow: GET, POST, OPTIONS\r\n"));
  }
  CHECK(f.endpoint.sessions() == 0);
}

TEST_CASE("a frame has a limit, and is text") {
  sse_fixture f;
  f.core.options.max_message_bytes = 100;
  f.begin(f.getting);
  CHECK(f.say(f.posting, f.post(f.session, std::string(100, ' ')))
          .starts_with("HTTP/1.1 202 "));
  CHECK(contains(f.heard(), "\"code\":\"malformed\""));
  auto got = f.say(f.posting, f.post(f.session, "\xff"));
  CHECK(got.starts_with("HTTP/1.1 400 "));
  CHECK(contains(got, R"("code":"malformed")"));
  CHECK(f.say(f.posting, f.post(f.session, std::string(101, ' ')))
          .starts_with("HTTP/1.1 413 "));
  CHECK(f.heard().empty());
}

TEST_CASE("a page of another origin may not connect, unless it is allowed") {
  sse_fixture f;
  f.core.options.allowed_origins = {"https://good.example"};
  std::string bad = "Origin: https://bad.example\r\n";
  std::string good = "Origin: https://good.example\r\n";
  auto shows_it = [](const std::string& got) {
    return contains(got,
                    "Access-Control-Allow-Origin: https://good.example\r\n")
           && contains(got, "Access-Control-Allow-Credentials: true\r\n");
  };
  CHECK(f.say(f.posting, f.get(bad)).starts_with("HTTP/1.1 403 "));
  CHECK(
    f.say(f.posting, f.post("abc", "{}", bad)).starts_with("HTTP/1.1 403 "));
  CHECK(f.say(f.posting, "OPTIONS /sse HTTP/1.1\r\nHost: x\r\n" + bad + "\r\n")
          .starts_with("HTTP/1.1 403 "));
  auto got = f.say(f.posting,
                   "OPTIONS /sse HTTP/1.1\r\nHost: x\r\n" + good + "\r\n");
  CHECK(got.starts_with("HTTP/1.1 204 "));
  CHECK(shows_it(got));
  CHECK(contains(got, "Access-Control-Allow-Methods: GET, POST\r\n"));
  got = f.say(f.getting, f.get(good));
  CHECK(got.starts_with("HTTP/1.1 200 "));
  CHECK(shows_it(got));
  auto session = between(got, R"("session":")", "\"");
  got = f.say(f.posting, f.post(session, call("app::t:echo"), good));
  CHECK(got.starts_with("HTTP/1.1 202 "));
  CHECK(shows_it(got));
  // What is wrong can be read by the page, too.
  CHECK(shows_it(f.say(f.posting, f.post("abc", "{}", good))));
  CHECK(shows_it(f.say(f.posting, f.post(session, "\xff", good))));
}
