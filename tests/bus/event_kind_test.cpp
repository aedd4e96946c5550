#include "flamigo/bus/detail/event_kind.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/bus/detail/travels.hpp"
#include "flamigo/bus/detail/typed_event.hpp"
#include "flamigo/json/bytes.hpp"
#include "support/events.hpp"

using namespace flamigo;
using detail::event_kind;
using detail::travels;
using test::posted;

namespace shop {

struct opaque {
  int handle = 0;
};

struct holder {
  opaque what;
};

BOOST_DESCRIBE_STRUCT(holder, (), (what))

/// Holds others of its kind.
struct part {
  std::string name;
  std::vector<part> parts;
  std::unique_ptr<part> lid;
};

BOOST_DESCRIBE_STRUCT(part, (), (name, parts, lid))

struct built {
  part what;
  std::map<std::string, part> spares;

  topic topics() const {
    return topic{"parts"};
  }
};

BOOST_DESCRIBE_STRUCT(built, (), (what, spares))

struct local {
  std::vector<holder> all;

  topic topics() const {
    return topic{"local"};
  }
};

BOOST_DESCRIBE_STRUCT(local, (), (all))

struct restarted {
  std::string what;

  static constexpr bool stays_on_node = true;

  topic topics() const {
    return topic{"restarts"};
  }
};

BOOST_DESCRIBE_STRUCT(restarted, (), (what))

struct scanned {
  std::string id;
  bytes image;

  topic topics() const {
    return topic{"scans"};
  }

  client_message to_client() const {
    return make_client_message("scan", *this);
  }
};

BOOST_DESCRIBE_STRUCT(scanned, (), (id, image))

} // namespace shop

namespace {

acting_actor nobody() {
  return {{}, backend_claims()};
}

const event_kind* find_kind(const std::string& name) {
  const event_kind* result = nullptr;
  event_kind const** out = &result;
  detail::known_event::for_each([&](const event_kind& kind) {
    if (kind.name() == name)
      *out = &kind;
  });
  return result;
}

} // namespace

TEST_CASE("a type travels if all that is in it is JSON") {
  STATIC_CHECK(travels<posted>);
  STATIC_CHECK(travels<shop::built>);
  STATIC_CHECK(travels<shop::scanned>);
  STATIC_CHECK(!travels<shop::opaque>);
  STATIC_CHECK(!travels<shop::holder>);
  STATIC_CHECK(!travels<shop::local>);
  STATIC_CHECK(!travels<std::map<std::string, shop::holder>>);
  STATIC_CHECK(!travels<std::array<shop::holder, 2>>);
}

TEST_CASE("who publishes or listens has made a type known") {
  auto made = detail::make_event(posted{"a", "hi"}, nobody());
  REQUIRE(made);
  auto* kind = find_kind("flamigo.test.posted");
  REQUIRE(kind != nullptr);
  CHECK(&(*made)->kind() == kind);
}

TEST_CASE("an event is itself again behind its JSON") {
  auto made = detail::make_event(posted{"a", "hi"}, nobody());
  REQUIRE(made);
  auto& kind = (*made)->kind();
  std::string text;
  kind.write(text, (*made)->content());
  CHECK(text == R"({"room":"a","text":"hi"})");
  auto read = kind.read(text, {{topic{"rooms/a"}}, nobody(), {}});
  REQUIRE(read);
  REQUIRE((*read)->get_if<posted>() != nullptr);
  CHECK((*read)->get_if<posted>()->text == "hi");
  // Topics and clients are what the other process has said.
  CHECK((*read)->topics() == std::vector{topic{"rooms/a"}});
  CHECK(!(*read)->is_for_clients());
  // It does not go on.
  CHECK((*read)->kind().stays);
  CHECK(!kind.read(R"({"room":1})", {{topic{"rooms/a"}}, nobody(), {}}));
}

TEST_CASE("of a type that does not travel others get no content") {
  auto made = detail::make_event(shop::local{}, nobody());
  REQUIRE(made);
  CHECK((*made)->kind().write == nullptr);
  CHECK(!(*made)->kind().stays);
  CHECK((*made)->get_if<shop::local>() != nullptr);
}

TEST_CASE("an event stays that says so") {
  auto made = detail::make_event(shop::restarted{}, nobody());
  REQUIRE(made);
  CHECK((*made)->kind().stays);
}

TEST_CASE("bytes are found again in what clients get of it") {
  auto made = detail::make_event(shop::scanned{"1", {}}, nobody());
  REQUIRE(made);
  REQUIRE((*made)->client_bytes() != nullptr);
  auto& kind = (*made)->kind();
  std::string text;
  kind.write(text, (*made)->content());
  auto read = kind.read(
    text, {{topic{"scans"}}, nobody(), client_message{"scan", {text}}, true});
  REQUIRE(read);
  CHECK((*read)->client_bytes() == (*made)->client_bytes());
}

TEST_CASE("what is relabelled keeps its kind") {
  auto made = detail::make_event(posted{"a", "hi"}, nobody());
  REQUIRE(made);
  auto more = event::also_under(*made, topic{"all"});
  CHECK(&more->kind() == &(*made)->kind());
  CHECK(more->content() == (*made)->content());
}
