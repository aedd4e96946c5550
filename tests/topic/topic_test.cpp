#include "flamigo/topic/topic.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/wire/message_types.hpp"

using namespace flamigo;

TEST_CASE("a topic is segments joined by slashes") {
  for (auto text : {"users", "users/42/profile", "a/b/c/d/e/f/g/h",
                    "caf\xc3\xa9", "app::chat", "with space/x", "."}) {
    auto x = topic::parse(text);
    REQUIRE(x);
    CHECK(x->text() == text);
    CHECK(to_string(*x) == text);
    CHECK(*x == topic{text});
    CHECK_FALSE(x->empty());
  }
}

TEST_CASE("empty segments and asterisks are refused") {
  for (auto text :
       {"", "/", "/users", "users/", "users//42", "*", "users/*", "us*rs"}) {
    auto x = topic::parse(text);
    REQUIRE_FALSE(x);
    CHECK(x.error() == errc::invalid_payload);
    CHECK_THROWS_AS(topic{text}, std::invalid_argument);
  }
}

TEST_CASE("the sentence says what is wrong with a topic") {
  CHECK(public_message(topic::parse("users//42").error())
        == "\"users//42\" is no topic: a segment between slashes cannot be "
           "empty");
  CHECK_THROWS_MATCHES(
    topic{"users/*"}, std::invalid_argument,
    Catch::Matchers::Message(
      "\"users/*\" is no topic: an asterisk is for patterns only"));
}

TEST_CASE("topics are ordered values") {
  CHECK(topic{"a"} < topic{"b"});
  CHECK(topic{"Users"} != topic{"users"});
  CHECK(topic{}.empty());
  CHECK(topic{} == topic{});
}

TEST_CASE("a message cannot smuggle in what is no topic") {
  caf::actor_system_config cfg;
  init_message_types(cfg);
  caf::actor_system system{cfg};
  auto read = [&system](std::string text, topic& result) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system, bytes};
    REQUIRE_FALSE(sink(text));
    caf::binary_deserializer source{system, bytes};
    return source(result);
  };
  topic x;
  CHECK_FALSE(read("users/42", x));
  CHECK(x == topic{"users/42"});
  CHECK(read("users/*", x));
  CHECK(read("", x));
}

TEST_CASE("a topic is a message type") {
  caf::actor_system_config cfg;
  init_message_types(cfg);
  caf::actor_system system{cfg};
  auto msg = caf::make_message(topic{"users/42"});
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  REQUIRE_FALSE(sink(msg));
  caf::binary_deserializer source{system, bytes};
  caf::message other;
  REQUIRE_FALSE(source(other));
  REQUIRE(other.match_elements<topic>());
  CHECK(other.get_as<topic>(0) == topic{"users/42"});
}

TEST_CASE("any text becomes a segment of a topic") {
  CHECK(topic_segment("ada") == "ada");
  CHECK(topic_segment("auth0|1 ä") == "auth0|1 ä");
  CHECK(topic_segment("a/b*c%") == "a%2Fb%2Ac%25");
  CHECK(topic_segment("") == "%");
  for (auto text : {"", "/", "*", "%", "a//b", "%2F"})
    CHECK(topic::parse("users/" + topic_segment(text)));
}

TEST_CASE("a topic has an end") {
  auto deep = [](std::size_t segments) {
    std::string result = "a";
    while (--segments > 0)
      result += "/a";
    return result;
  };
  CHECK(topic::parse(std::string(topic::max_bytes, 'a')));
  CHECK(topic::parse(deep(topic::max_segments)));
  const std::string long_text(topic::max_bytes + 1, 'a');
  CHECK(public_message(topic::parse(long_text).error())
        == "a topic of 1025 bytes is too large: at most 1024 are possible");
  CHECK(public_message(topic::parse(deep(topic::max_segments + 1)).error())
        == "a topic of 33 segments is too large: at most 32 are possible");
  CHECK_THROWS_AS(topic{long_text}, std::invalid_argument);
  // The largest text that a client can send is refused as quickly.
  CHECK_FALSE(topic::parse(deep(500'000)));
}
