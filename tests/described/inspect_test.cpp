#include "flamigo/described/inspect.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/type_id.hpp>

#include "flamigo/json/json.hpp"
#include "support/json_types.hpp"

namespace shop {

/// Described, and inspected in a way of its own.
struct secret {
  std::string text;
};

BOOST_DESCRIBE_STRUCT(secret, (), (text))

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, secret&) {
  return f(caf::meta::type_name("hidden"));
}

} // namespace shop

// Far behind the types of any library.
CAF_BEGIN_TYPE_ID_BLOCK(inspect_test, caf::first_custom_type_id + 9000)

  CAF_ADD_TYPE_ID(inspect_test, (shop::order))
  CAF_ADD_TYPE_ID(inspect_test, (shop::item))

CAF_END_TYPE_ID_BLOCK(inspect_test)

using namespace flamigo;

namespace {

struct config : caf::actor_system_config {
  config() {
    set("scheduler.max-threads", 1u);
    add_message_types<caf::id_block::inspect_test>();
  }
};

template <class T>
T through_bytes(caf::actor_system& system, T x) {
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  CHECK_FALSE(sink(x));
  T result{};
  caf::binary_deserializer source{system, bytes};
  CHECK_FALSE(source(result));
  return result;
}

shop::order sample(std::string_view tail) {
  auto x = from_json<shop::order>(
    R"({"count":3,"items":[{"id":"x","price":1.5,"paint":"green"},)"
    R"({"id":"y","price":2}],"tags":{"a":-1},"note":[1])"
    + std::string{tail} + "}");
  REQUIRE(x);
  return *x;
}

} // namespace

TEST_CASE("a described struct survives being serialised") {
  config cfg;
  caf::actor_system system{cfg};
  for (auto tail : {"", R"(,"when":{"from":1,"to":2})"}) {
    auto x = sample(tail);
    CHECK(to_json(through_bytes(system, x)) == to_json(x));
  }
  auto sampler = from_json<shop::sampler>(
    R"({"flag":true,"ratio":0.5,"pair":[1,2],"entry":["a",9],)"
    R"("bits":[true,false],"lists":{"x":["y"]},"extra":{"a":1}})");
  REQUIRE(sampler);
  CHECK(to_json(through_bytes(system, *sampler)) == to_json(*sampler));
  // What was there before goes.
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  auto without = sample("");
  CHECK_FALSE(sink(without));
  auto with = sample(R"(,"when":{"from":1,"to":2})");
  caf::binary_deserializer source{system, bytes};
  CHECK_FALSE(source(with));
  CHECK_FALSE(with.when);
}

TEST_CASE("a truncated struct is an error") {
  config cfg;
  caf::actor_system system{cfg};
  std::vector<char> bytes;
  auto x = sample(R"(,"when":{"from":1,"to":2})");
  caf::binary_serializer sink{system, bytes};
  CHECK_FALSE(sink(x));
  bytes.pop_back();
  shop::order y;
  caf::binary_deserializer source{system, bytes};
  CHECK(source(y));
}

TEST_CASE("a described struct can be printed") {
  shop::item x;
  x.id = "a";
  x.price = 2;
  CHECK(caf::deep_to_string(x) == R"(item("a", 2.000000, none))");
  CHECK(caf::deep_to_string(shop::page<int>{{1}, "b"})
        == R"(page<int>([1], "b"))");
  CHECK(caf::deep_to_string(shop::nothing{}) == "nothing()");
}

TEST_CASE("an inspect of the struct's own is preferred") {
  CHECK(caf::deep_to_string(shop::secret{"x"}) == "hidden()");
}

TEST_CASE("a described struct is an actor message") {
  config cfg;
  caf::actor_system system{cfg};
  auto cashier = system.spawn([]() -> caf::behavior {
    return {
      [](const shop::order& x) { return x.items.at(x.items.size() - 1); }};
  });
  caf::scoped_actor self{system};
  std::string last;
  self->request(cashier, caf::infinite, sample(""))
    .receive([&](const shop::item& x) { last = x.id; },
             [&](const caf::error&) { last = "error"; });
  CHECK(last == "y");
}
