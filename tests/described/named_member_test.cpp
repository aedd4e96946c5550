#include "flamigo/described/detail/named_member.hpp"

#include <string>
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

/// What is added to the copy is added to nothing.
struct with_copy {
  int x;

  void validate(errors) const {
  }
};

BOOST_DESCRIBE_STRUCT(with_copy, (), (x))

struct with_const {
  int x;

  void validate(const errors&) const {
  }
};

BOOST_DESCRIBE_STRUCT(with_const, (), (x))

struct inheriting : not_const {};

BOOST_DESCRIBE_STRUCT(inheriting, (not_const), ())

struct final_right final {
  int x;

  void validate(errors&) const {
  }
};

BOOST_DESCRIBE_STRUCT(final_right, (), (x))

struct final_not_const final {
  int x;

  void validate(errors&) {
  }
};

BOOST_DESCRIBE_STRUCT(final_not_const, (), (x))

struct final_overloaded final {
  int x;

  bool validate() const {
    return true;
  }

  bool validate(errors&) const {
    return true;
  }
};

BOOST_DESCRIBE_STRUCT(final_overloaded, (), (x))

struct final_template final {
  int x;

  template <class T>
  bool validate(T&) const {
    return true;
  }
};

BOOST_DESCRIBE_STRUCT(final_template, (), (x))

struct final_plain final {
  int x;
};

BOOST_DESCRIBE_STRUCT(final_plain, (), (x))

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

/// A word of the application's own; clients send it.
struct schoolbook {
  std::vector<std::string> topics;
};

BOOST_DESCRIBE_STRUCT(schoolbook, (), (topics))

struct of_text {
  std::string topics() const {
    return "a";
  }
};

BOOST_DESCRIBE_STRUCT(of_text, (), ())

struct mutably_under {
  topic topics() {
    return topic{"a"};
  }
};

BOOST_DESCRIBE_STRUCT(mutably_under, (), ())

struct of_argument final {
  topic topics(int) const {
    return topic{"a"};
  }
};

BOOST_DESCRIBE_STRUCT(of_argument, (), ())

// Events and inputs may have the names of our functions.

struct validate {
  int x;
};

BOOST_DESCRIBE_STRUCT(validate, (), (x))

struct topics final {
  int x;
};

BOOST_DESCRIBE_STRUCT(topics, (), (x))

struct to_client {
  int x;
};

BOOST_DESCRIBE_STRUCT(to_client, (), (x))

struct validate_more : validate {};

BOOST_DESCRIBE_STRUCT(validate_more, (validate), ())

template <class... Ts>
constexpr bool all_wrong = (detail::wrongly_validating<Ts> && ...);

} // namespace

TEST_CASE("a validate that would not be called is found") {
  STATIC_CHECK(all_wrong<not_const, without_errors, with_result, with_copy,
                         with_const, inheriting>);
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

TEST_CASE("in what is final, a validate that would not be called is found") {
  STATIC_CHECK(all_wrong<final_not_const, final_overloaded, final_template>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<final_right>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<final_plain>);
}

TEST_CASE("the name of a struct is no function of it") {
  STATIC_CHECK_FALSE(detail::wrongly_validating<validate>);
  STATIC_CHECK_FALSE(detail::wrongly_validating<validate_more>);
  STATIC_CHECK_FALSE(detail::wrongly_topics<topics>);
  STATIC_CHECK_FALSE(detail::wrongly_to_client<to_client>);
  CHECK(from_json<validate>(R"({"x":1})")->x == 1);
}

TEST_CASE("a topics that would not be called is found") {
  STATIC_CHECK(detail::wrongly_topics<of_text>);
  STATIC_CHECK(detail::wrongly_topics<mutably_under>);
  STATIC_CHECK(detail::wrongly_topics<of_argument>);
  STATIC_CHECK_FALSE(detail::wrongly_topics<event_base>);
  STATIC_CHECK_FALSE(detail::wrongly_topics<schoolbook>);
  STATIC_CHECK_FALSE(detail::wrongly_topics<plain>);
}
