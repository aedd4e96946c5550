#include "flamigo/websocket/detail/upgrade.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;

namespace {

constexpr std::string_view key
  = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

std::string answer_to(const std::string& headers) {
  test::socket_fixture f;
  test::socket_pair peer;
  f.accept(peer);
  peer.send_bytes("GET /ws HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
  f.settle();
  auto result = peer.received();
  peer.close();
  f.settle();
  return result;
}

std::string with_key(const std::string& line) {
  return answer_to("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: 13\r\n"
                   + line);
}

} // namespace

TEST_CASE("an upgrade may be asked for in several lines") {
  CHECK(answer_to("Connection: keep-alive\r\nConnection: Upgrade\r\n"
                  "Upgrade: h2c\r\nUpgrade: websocket\r\n"
                  "Sec-WebSocket-Version: 13\r\n"
                  + std::string{key})
          .starts_with("HTTP/1.1 101 "));
}

TEST_CASE("the key of a handshake is 16 bytes in base64") {
  CHECK(with_key(std::string{key}).starts_with("HTTP/1.1 101 "));
  for (auto wrong : {"", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAA",
                     "AAAAAAAAAAAAAAAAAAAAA===", "AAAAAAAAAAAAAAAAAAAAA-=="}) {
    INFO(wrong);
    CHECK(with_key("Sec-WebSocket-Key: " + std::string{wrong} + "\r\n")
            .starts_with("HTTP/1.1 400 "));
  }
  CHECK(with_key("").starts_with("HTTP/1.1 400 "));
  CHECK(
    with_key(std::string{key} + std::string{key}).starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a token that no browser could send is refused with a sentence") {
  auto shows = [](const std::string& token) {
    return with_key(std::string{key} + "Sec-WebSocket-Protocol: bearer." + token
                    + "\r\n");
  };
  CHECK(shows("a.b-c").starts_with("HTTP/1.1 101 "));
  for (auto token : {"a==", "a/b"}) {
    auto got = shows(token);
    CHECK(got.starts_with("HTTP/1.1 400 "));
    CHECK(contains(got, "base64url without padding"));
    CHECK_FALSE(contains(got, token));
  }
}

TEST_CASE("each 426 says what to upgrade to") {
  for (auto headers : {"", "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Version: 8\r\n"}) {
    auto got = answer_to(headers + std::string{key});
    CHECK(got.starts_with("HTTP/1.1 426 "));
    CHECK(contains(got, "Upgrade: websocket\r\n"));
    CHECK(contains(got, "Connection: Upgrade\r\n"));
    CHECK(contains(got, "Sec-WebSocket-Version: 13\r\n"));
  }
}
