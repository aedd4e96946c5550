#include "flamigo/error/detail/onion.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/wire/message_types.hpp"

using namespace flamigo;

namespace {

constexpr auto foreign_category = caf::atom("billing");

caf::error foreign(std::string text) {
  return {7, foreign_category, caf::make_message(std::move(text))};
}

} // namespace

TEST_CASE("copies share what they carry until one is wrapped") {
  auto err = invalid_payload(std::vector<field_error>(50, {"text", "is bad"}));
  auto copy = err;
  REQUIRE(detail::find_onion(err) != nullptr);
  CHECK(detail::find_onion(err) == detail::find_onion(copy));
  auto wrapped = wrap(copy, "calling");
  CHECK(detail::find_onion(wrapped) != detail::find_onion(err));
  CHECK(trace_of(err) == trace_of(copy));
  CHECK(trace_of(wrapped) == "calling: " + trace_of(err));
  // An error of its own grows in place.
  auto* before = detail::find_onion(wrapped);
  wrapped = wrap(std::move(wrapped), "outside");
  CHECK(detail::find_onion(wrapped) == before);
}

TEST_CASE("a plain code carries nothing") {
  CHECK(detail::find_onion(make_error(errc::timeout)) == nullptr);
  CHECK(detail::find_onion(caf::error{}) == nullptr);
  CHECK(detail::find_onion(foreign("x")) == nullptr);
}

TEST_CASE("errors survive the way to another process") {
  caf::actor_system_config cfg;
  init_message_types(cfg);
  caf::actor_system system{cfg};
  auto transfer = [&system](caf::error err) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system, bytes};
    REQUIRE_FALSE(sink(err));
    caf::binary_deserializer source{system, bytes};
    caf::error result;
    REQUIRE_FALSE(source(result));
    return result;
  };
  for (auto& err :
       {make_error(errc::timeout), internal_error("deadline exceeded"),
        wrap(make_error(errc::forbidden, "no", "42 is muted"), "posting"),
        public_error("no coffee", 418, "teapot"),
        invalid_payload({{"a", "is bad"}, {"b", "is worse"}}),
        wrap(wrap(foreign("no funds"), "paying", "not paid", 402, "unpaid"),
             "ordering")}) {
    auto other = transfer(err);
    CHECK(other == err);
    CHECK(public_message(other) == public_message(err));
    CHECK(status_of(other) == status_of(err));
    CHECK(code_of(other) == code_of(err));
    CHECK(trace_of(other) == trace_of(err));
    CHECK(field_errors_of(other).size() == field_errors_of(err).size());
    CHECK(cause_of(other) == cause_of(err));
  }
}

TEST_CASE("an actor system prints the trace") {
  caf::actor_system_config cfg;
  init_message_types(cfg);
  caf::actor_system system{cfg};
  CHECK(system.render(wrap(internal_error("deadline exceeded"), "saving"))
        == "saving: deadline exceeded");
}
