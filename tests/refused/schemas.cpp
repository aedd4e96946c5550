#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <flamigo/flamigo.hpp>
#include <flamigo/schema/schema.hpp>

using namespace flamigo;

enum class mood {
  calm,
  loud
};

BOOST_DESCRIBE_ENUM(mood, calm, loud)

struct post {
  std::string text;
  std::unique_ptr<post> answer;
};

BOOST_DESCRIBE_STRUCT(post, (), (text, answer))

struct left {};

BOOST_DESCRIBE_STRUCT(left, (), ())

namespace other {

struct left {};

BOOST_DESCRIBE_STRUCT(left, (), ())

} // namespace other

struct typed {
  std::string type;
};

BOOST_DESCRIBE_STRUCT(typed, (), (type))

struct id {
  std::string value;
};

BOOST_DESCRIBE_STRUCT(id, (), (value))

struct pair_of_ids {
  std::string first;
  std::string second;
};

BOOST_DESCRIBE_STRUCT(pair_of_ids, (), (first, second))

struct undescribed {
  int number;
};

struct told {
  int number;
};

BOOST_DESCRIBE_STRUCT(told, (), (number))

template <>
inline constexpr bool flamigo::is_strong_typedef<id> = true;

template <>
inline constexpr auto flamigo::describe<post> = flamigo::description{
  "A post.",
  {{"text", "What is said."}}};

#ifdef MISTAKES
template <>
inline constexpr bool flamigo::is_strong_typedef<pair_of_ids> = true;

template <>
inline constexpr auto flamigo::describe<told> = flamigo::description{
  "",
  {{"nmuber", "How many."}}};

template <>
inline constexpr auto flamigo::describe<mood> = flamigo::description{
  "",
  {{"quiet", "Not loud."}}};
#endif

std::string write(schema_set& in) {
  return to_json(std::variant<post, left>{}) + in.input<std::map<id, post>>()
         + in.output<std::map<mood, std::vector<post>>>();
}

#ifdef MISTAKES
std::string mistakes(schema_set& in) {
  std::string result;
  // error: a struct of this std::variant has a member `type`
  result += to_json(std::variant<left, typed>{});
  // error: two structs of this std::variant have the same name
  result += to_json(std::variant<left, other::left>{});
  // error: a strong typedef is a struct that describes one member
  result += to_json(pair_of_ids{});
  // error: flamigo::describe of this struct tells of a member
  result += in.input<told>();
  // error: flamigo::describe of this enum tells of a name
  result += in.input<mood>();
  // error: there is no schema of it as an input
  result += in.input<undescribed>();
  // error: there is no schema of it as an output
  result += in.output<undescribed>();
  return result;
}
#endif
