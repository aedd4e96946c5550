#include "flamigo/described/detail/named_member.hpp"

#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/bus/event_type.hpp"
#include "flamigo/json/json.hpp"

using namespace flamigo;

namespace {

using errors = std::vector<field_error>;

struct plain {
  int x;
};

BOOST_DESCRIBE_STRUCT(plain, (), (x))

struct right {
  int x;

  void validate(errors&) const {
  }
};

BOOST_DESCRIBE_STRUCT(right, (), (x))

struct not_const {
  int x;

  void validate(errors&) {
  }
};

BOOST_DESCRIBE_STRUCT(not_const, (), (x))

struct without_errors {
  int x;

  bool validate() const {
    return true;
  }
};

BOOST_DESCRIBE_STRUCT(without_errors, (), (x))

struct with_result {
  int x;

  bool validate(errors&) const {
    return true;
  }
};

BOOST_DESCRIBE_STRUCT(with_result, (), (x))

struct inheriting : not_const {};

BOOST_DESCRIBE_STRUCT(inheriting, (not_const), ())

/// A member that a client sends.
struct data {
  bool validate;
};

BOOST_DESCRIBE_STRUCT(data, (), (validate))

struct event_base {
  topic topics() const {
    return topic{"a"};
  }
};

BOOST_DESCRIBE_STRUCT(event_base, (), ())

struct told : event_base {
  client_message to_client() const {
    return make_client_message("a", 1);
  }
};

BOOST_DESCRIBE_STRUCT(told, (event_base), ())

struct told_wrongly : event_base {
  std::string to_client() const {
    return "a";
  }
};

BOOST_DESCRIBE_STRUCT(told_wrongly, (event_base), ())

struct told_mutably : event_base {
  client_message to_client() {
    return make_client_message("a", 1);
  }
};

BOOST_DESCRIBE_STRUCT(told_mutably, (event_base), ())

template <class... Ts>
constexpr bool all_wrong = (detail::wrongly_validating<Ts> && ...);

} // namespace

TEST_CASE("a validate that would not be called is found") {
  STATIC_CHECK(all_wrong<not_const, without_errors, with_result, inheriting>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<plain>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<right>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<data>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<int>);
  CHECK(from_json<data>(R"({"validate":true})")->validate);
}

TEST_CASE("a to_client that would not be called is found") {
  STATIC_CHECK(detail::wrongly_to_client<told_wrongly>);
  STATIC_CHECK(detail::wrongly_to_client<told_mutably>);
  STATIC_CHECK_FALSE(detail::wrongly_to_client<told>);
  STATIC_CHECK_FALSE(detail::wrongly_to_client<event_base>);
  STATIC_CHECK(client_event_type<told>);
}
