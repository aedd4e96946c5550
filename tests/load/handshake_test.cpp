#include "handshake.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::load;

namespace {

const std::string agreement = "HTTP/1.1 101 Switching Protocols\r\n"
                              "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                              "sec-websocket-accept:  "
                              "s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n\r\n";

} // namespace

TEST_CASE("an agreement is taken, and what follows is left") {
  auto sent = agreement + "\x81";
  std::string failure;
  for (std::size_t cut = 0; cut < agreement.size(); ++cut) {
    auto bytes = std::string_view{sent}.substr(0, cut);
    REQUIRE(take_upgrade_response(bytes, failure) == frame_status::partial);
  }
  std::string_view bytes = sent;
  REQUIRE(take_upgrade_response(bytes, failure) == frame_status::complete);
  CHECK(bytes == "\x81");
}

TEST_CASE("a refusal is told as the server said it") {
  std::string_view bytes = "HTTP/1.1 503 Service Unavailable\r\n\r\n";
  std::string failure;
  CHECK(take_upgrade_response(bytes, failure) == frame_status::invalid);
  CHECK(failure.ends_with("HTTP/1.1 503 Service Unavailable"));
}

TEST_CASE("an agreement to something else is none") {
  auto sent = agreement;
  sent.replace(sent.find("s3p"), 3, "abc");
  std::string_view bytes = sent;
  std::string failure;
  CHECK(take_upgrade_response(bytes, failure) == frame_status::invalid);
  CHECK(failure.find("Accept") != std::string::npos);
}

TEST_CASE("a response without an end is refused") {
  std::string sent(9000, 'x');
  std::string_view bytes = sent;
  std::string failure;
  CHECK(take_upgrade_response(bytes, failure) == frame_status::invalid);
}

TEST_CASE("a token is shown if there is one") {
  CHECK(upgrade_request("h", "/ws").find("Authorization") == std::string::npos);
  auto shown = upgrade_request("h", "/ws", "a.b-c");
  CHECK(shown.find("\r\nAuthorization: Bearer a.b-c\r\n\r\n")
        != std::string::npos);
}
