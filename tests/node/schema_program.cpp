// Reads documents for schema.test.mjs: first it writes a line for each of many
// types, {"name":...,"input":SCHEMA,"output":SCHEMA}, and an empty one. Then it
// answers each line `INDEX JSON`: with `yes JSON`, what the value is when it is
// written again, or with `no ERRORS`.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <flamigo/error/error.hpp>
#include <flamigo/json/json.hpp>
#include <flamigo/schema/schema.hpp>

namespace shapes {

enum class color {
  red,
  green,
  blue
};

BOOST_DESCRIBE_ENUM(color, red, green, blue)

struct room_id {
  std::string value;

  friend auto operator<=>(const room_id&, const room_id&) = default;
};

BOOST_DESCRIBE_STRUCT(room_id, (), (value))

struct seat {
  std::uint8_t number;

  friend auto operator<=>(const seat&, const seat&) = default;
};

BOOST_DESCRIBE_STRUCT(seat, (), (number))

/// Members that need not come.
struct query {
  std::string text;
  int limit = 20;
  color by = color::green;
  std::optional<std::string> after;
  std::chrono::milliseconds timeout = std::chrono::milliseconds{500};
};

BOOST_DESCRIBE_STRUCT(query, (), (text, limit, by, after, timeout))

struct deep_query : query {
  bool deep;
};

BOOST_DESCRIBE_STRUCT(deep_query, (query), (deep))

struct nothing {};

BOOST_DESCRIBE_STRUCT(nothing, (), ())

struct node {
  int value;
  std::unique_ptr<node> next;
  std::vector<node> others;
};

BOOST_DESCRIBE_STRUCT(node, (), (value, next, others))

struct leaf {
  std::string text;
};

BOOST_DESCRIBE_STRUCT(leaf, (), (text))

/// A variant of itself.
struct branch {
  std::vector<std::variant<leaf, branch, query>> branches;
};

BOOST_DESCRIBE_STRUCT(branch, (), (branches))

/// With a rule, which no schema tells.
struct span {
  int from;
  int to;

  void validate(std::vector<flamigo::field_error>& errors) const {
    if (from > to)
      errors.push_back({"to", "must not be less than from"});
  }
};

BOOST_DESCRIBE_STRUCT(span, (), (from, to))

// -- random types -------------------------------------------------------------

constexpr unsigned mix(unsigned x) {
  x = (x ^ x >> 16) * 0x45D9F3Bu;
  x = (x ^ x >> 16) * 0x45D9F3Bu;
  return x ^ x >> 16;
}

using keys = std::tuple<std::string, color, room_id, seat, std::int8_t,
                        std::uint16_t, std::int64_t>;

using leaves
  = std::tuple<bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
               std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float,
               double, std::string, flamigo::bytes, flamigo::raw_json, color,
               room_id, seat, query, std::chrono::sys_days,
               std::chrono::sys_seconds,
               std::chrono::sys_time<std::chrono::milliseconds>,
               std::chrono::sys_time<std::chrono::nanoseconds>,
               std::chrono::seconds, std::chrono::milliseconds,
               std::chrono::nanoseconds, std::chrono::duration<double>>;

template <class Types, unsigned Seed>
using one_of
  = std::tuple_element_t<mix(Seed) % std::tuple_size_v<Types>, Types>;

template <unsigned Seed, unsigned Depth>
struct made;

template <unsigned Seed, unsigned Depth>
using random_type = typename made<Seed, Depth>::type;

/// Three members and two that need not come.
template <unsigned Seed, unsigned Depth>
struct record {
  random_type<Seed * 5 + 1, Depth> first;
  random_type<Seed * 5 + 2, Depth> second;
  std::optional<random_type<Seed * 5 + 3, Depth>> third;
  std::uint8_t count = 7;
  std::string name = "x";

  BOOST_DESCRIBE_CLASS(record, (), (first, second, third, count, name), (), ())
};

template <unsigned Seed, unsigned Depth, unsigned Kind>
struct made_of;

template <unsigned Seed, unsigned Depth>
struct made : made_of<Seed, Depth, mix(Seed + 77) % 13> {};

template <unsigned Seed>
struct made<Seed, 0> {
  using type = one_of<leaves, Seed>;
};

#define MADE_OF(kind, ...)                                                     \
  template <unsigned Seed, unsigned Depth>                                     \
  struct made_of<Seed, Depth, kind> {                                          \
    using inner = random_type<Seed * 3 + 1, Depth - 1>;                        \
    using other = random_type<Seed * 3 + 2, Depth - 1>;                        \
    using key = one_of<keys, Seed>;                                            \
    using type = __VA_ARGS__;                                                  \
  };

MADE_OF(0, std::optional<inner>)
MADE_OF(1, std::vector<inner>)
MADE_OF(2, std::array<inner, 2>)
MADE_OF(3, std::pair<inner, other>)
MADE_OF(4, std::map<std::string, inner>)
MADE_OF(5, std::unordered_map<std::string, inner>)
MADE_OF(6, std::map<key, inner>)
MADE_OF(7, std::set<key>)
MADE_OF(8, std::unique_ptr<inner>)
MADE_OF(9, std::shared_ptr<inner>)
MADE_OF(10, record<Seed, Depth - 1>)
MADE_OF(11, std::variant<record<Seed, Depth - 1>, leaf, nothing>)
MADE_OF(12, std::unordered_map<color, inner>)

#undef MADE_OF

} // namespace shapes

template <>
inline constexpr bool flamigo::is_strong_typedef<shapes::room_id> = true;

template <>
inline constexpr bool flamigo::is_strong_typedef<shapes::seat> = true;

namespace {

using namespace flamigo;

template <class T>
std::string read(std::string_view text) {
  T value{};
  auto err = from_json(text, value);
  if (!err)
    return "yes " + to_json(value);
  auto errors = field_errors_of(err);
  return "no " + (errors.empty() ? public_message(err) : to_json(errors));
}

struct tested {
  std::string name;
  schema_function input;
  schema_function output;
  std::string (*read)(std::string_view text);
};

std::vector<tested> types;

template <class... Ts>
void add() {
  (types.push_back(
     {type_name<Ts>(), input_schema<Ts>, output_schema<Ts>, read<Ts>}),
   ...);
}

template <class... Ts>
void add_all(std::tuple<Ts...>*) {
  add<Ts...>();
}

template <unsigned... Seeds>
void add_random(std::integer_sequence<unsigned, Seeds...>) {
  add<shapes::random_type<Seeds, 2>...>();
}

void add_types() {
  using namespace shapes;
  add_all(static_cast<leaves*>(nullptr));
  add<deep_query, leaf, nothing, node, branch, span, std::optional<int>,
      std::vector<bool>, std::array<std::string, 0>, std::array<int, 3>,
      std::pair<int, std::string>, std::map<std::string, query>,
      std::map<color, int>, std::map<std::int8_t, int>,
      std::map<std::uint64_t, int>, std::map<std::int64_t, int>,
      std::map<room_id, int>, std::map<seat, int>, std::set<int>,
      std::set<float>, std::set<std::string>, std::unordered_set<std::string>,
      std::set<color>, std::set<room_id>, std::set<std::chrono::sys_seconds>,
      std::variant<leaf, nothing, query>, std::optional<raw_json>,
      std::chrono::sys_time<std::chrono::hours>, std::chrono::minutes,
      std::chrono::microseconds>();
  add_random(std::make_integer_sequence<unsigned, 60>{});
}

} // namespace

int main() {
  std::ios::sync_with_stdio(false);
  add_types();
  for (auto& x : types)
    std::cout << R"({"name":)" << to_json(x.name) << R"(,"input":)"
              << schema_document(x.input) << R"(,"output":)"
              << schema_document(x.output) << "}\n";
  std::cout << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    auto space = line.find(' ');
    auto index = std::stoul(line.substr(0, space));
    std::cout << types.at(index).read(std::string_view{line}.substr(space + 1))
              << "\n";
  }
}
