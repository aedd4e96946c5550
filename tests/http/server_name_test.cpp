// What a response says of the program that sent it.

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;

namespace {

constexpr std::string_view upgrade
  = "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n";

constexpr std::string_view key
  = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

std::string answer_to(std::string request) {
  test::socket_fixture f;
  f.core.routes.get("/", {.body = "hello"});
  f.core.options.compression = true;
  test::socket_pair peer;
  f.accept(peer);
  peer.send_bytes(request);
  f.settle();
  return peer.received();
}

/// Names us at most, and nothing that we are made of.
bool is_discreet(std::string_view answer) {
  if (contains(answer, "Beast") || contains(answer, "Boost"))
    return false;
  auto server = answer.find("Server:");
  return server == answer.npos
         || answer.substr(server).starts_with("Server: Flamigo\r\n");
}

} // namespace

TEST_CASE("no response tells a version") {
  struct exchange {
    std::string request;
    const char* status;
  };
  auto ws = "GET /ws HTTP/1.1\r\n" + std::string{upgrade};
  for (auto& [request, status] : {
         exchange{ws + std::string{key}, "101"},
         {ws + std::string{key} + "Sec-WebSocket-Protocol: flamigo.v1\r\n",
          "101"},
         {ws + std::string{key}
            + "Sec-WebSocket-Extensions: permessage-deflate\r\n",
          "101"},
         {ws + std::string{key} + "Expect: 100-continue\r\n", "100"},
         // These Beast answers.
         {ws, "400"},
         {ws + "Sec-WebSocket-Key: " + std::string(30, 'A') + "\r\n", "400"},
         // And these we do.
         {"GET /ws HTTP/1.1\r\nHost: x\r\n", "426"},
         {ws + "Sec-WebSocket-Version: 12\r\n", "400"},
         {"GET / HTTP/1.1\r\nHost: x\r\n", "200"},
         {"GET /none HTTP/1.1\r\nHost: x\r\n", "404"},
         {"DELETE / HTTP/1.1\r\nHost: x\r\n", "405"},
         {"nonsense\r\n", "400"},
       }) {
    auto answer = answer_to(request + "\r\n");
    INFO(request << "\n" << answer);
    CHECK(answer.starts_with("HTTP/1.1 " + std::string{status} + " "));
    CHECK(is_discreet(answer));
  }
}
