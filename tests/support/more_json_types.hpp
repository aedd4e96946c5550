#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/strong_typedef.hpp"
#include "support/json_types.hpp"

/// A struct with members of the types that `json_types.hpp` has none of.
namespace club {

struct member_id {
  std::string value;

  friend auto operator<=>(const member_id&, const member_id&) = default;
};

BOOST_DESCRIBE_STRUCT(member_id, (), (value))

struct walk {
  std::chrono::sys_days day;
};

BOOST_DESCRIBE_STRUCT(walk, (), (day))

struct talk {
  std::chrono::milliseconds length;
  std::chrono::nanoseconds pause;
};

BOOST_DESCRIBE_STRUCT(talk, (), (length, pause))

struct meeting {
  std::chrono::sys_time<std::chrono::milliseconds> begin;
  std::chrono::sys_time<std::chrono::nanoseconds> end;
  std::variant<walk, talk> what;
  std::set<member_id> who;
  std::map<std::int8_t, std::string> seats;
  std::map<shop::color, std::set<int>> cards;
  std::unique_ptr<meeting> next;
  std::vector<std::shared_ptr<meeting>> others;
};

BOOST_DESCRIBE_STRUCT(meeting, (),
                      (begin, end, what, who, seats, cards, next, others))

} // namespace club

template <>
inline constexpr bool flamigo::is_strong_typedef<club::member_id> = true;
