#include "flamigo/claims/claims.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include "flamigo/wire/message_types.hpp"

using namespace flamigo;

namespace {

claims client_claims() {
  claims result;
  result.type = claims_type::websocket;
  result.connection_id = "c-1";
  result.interface = "ws";
  result.remote_address = "127.0.0.1:50000";
  result.headers = {{"User-Agent", "test"}, {"cookie", "a"}, {"Cookie", "b"}};
  result.extras = {{"tenant", "blue"}};
  return result;
}

} // namespace

TEST_CASE("the program has one identity") {
  CHECK(domain_claims("app::chat")->type == claims_type::domain);
  CHECK(domain_claims("app::chat")->interface == "local");
  CHECK(domain_claims("app::chat")->domain == "app::chat");
  auto who = backend_claims();
  REQUIRE(who != nullptr);
  CHECK(who->type == claims_type::backend);
  CHECK(who->interface == "local");
  CHECK(who->connection_id.empty());
  CHECK(who == backend_claims());
  // Threads that publish share no count of its handles.
  CHECK(who.use_count() == 0);
}

TEST_CASE("headers are found whatever their case") {
  auto who = client_claims();
  CHECK(header_of(who, "user-agent") == "test");
  CHECK(header_of(who, "USER-AGENT") == "test");
  CHECK(header_of(who, "cookie") == "a");
  CHECK(header_of(who, "user-agen").empty());
  CHECK(header_of(who, "user-agents").empty());
  CHECK(header_of(claims{}, "cookie").empty());
}

TEST_CASE("of a list in headers, the last element is the nearest proxy's") {
  auto last = [](std::vector<std::string> lines) {
    claims who;
    who.headers.emplace_back("Cookie", "a, b");
    for (auto& line : lines)
      who.headers.emplace_back("X-Forwarded-For", std::move(line));
    who.headers.emplace_back("Via", "c, d");
    return std::string{last_header_of(who, "x-forwarded-for")};
  };
  CHECK(last({"192.0.2.1"}) == "192.0.2.1");
  CHECK(last({"198.51.100.7, 192.0.2.1"}) == "192.0.2.1");
  CHECK(last({"198.51.100.7", "203.0.113.5 ,\t192.0.2.1 "}) == "192.0.2.1");
  CHECK(last({"198.51.100.7,[2001:db8::1]"}) == "[2001:db8::1]");
  // What the proxy leaves empty is not filled in by the client.
  CHECK(last({"198.51.100.7,"}).empty());
  CHECK(last({"198.51.100.7", ""}).empty());
  CHECK(last({"198.51.100.7, \t"}).empty());
  CHECK(last({}).empty());
}

TEST_CASE("claims survive the way to another process") {
  caf::actor_system_config cfg;
  init_message_types(cfg);
  caf::actor_system system{cfg};
  auto msg = caf::make_message(client_claims());
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  REQUIRE_FALSE(sink(msg));
  caf::binary_deserializer source{system, bytes};
  caf::message other;
  REQUIRE_FALSE(source(other));
  REQUIRE(other.match_elements<claims>());
  CHECK(other.get_as<claims>(0) == client_claims());
}

TEST_CASE("claims are shared within the process") {
  auto who = std::make_shared<const claims>(client_claims());
  auto msg = caf::make_message(who);
  REQUIRE(msg.match_elements<claims_ptr>());
  CHECK(msg.get_as<claims_ptr>(0) == who);
}
