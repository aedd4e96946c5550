#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Compares two schemas of two contracts. What of a value is no longer allowed,
/// and what is newly allowed, are told apart: of an input the one is breaking,
/// of an output the other.
class schema_diff {
public:
  /// What differs, with the path of where: `items/price: ...`.
  struct result {
    /// There are values that only the old one allows.
    std::vector<std::string> narrowed;
    /// There are values that only the new one allows.
    std::vector<std::string> widened;
    /// Both: something else is in its place, or a member is no longer told of,
    /// whether it may come or not.
    std::vector<std::string> replaced;
  };

  schema_diff(const rapidjson::Document& before,
              const rapidjson::Document& after)
    : before_(before), after_(after) {
  }

  result compare(const rapidjson::Value& before, const rapidjson::Value& after);

private:
  using value = rapidjson::Value;

  void walk(const value& before, const value& after, const std::string& at);

  void compare_kinds(const value& a, const value& b, const std::string& at);

  void compare_choices(const value& before, const value& after,
                       const std::string& at);

  void compare_enums(const value& before, const value& after,
                     const std::string& at);

  void compare_limits(const value& before, const value& after,
                      const std::string& at);

  void compare_members(const value& before, const value& after,
                       const std::string& at);

  void compare_parts(const value& before, const value& after,
                     const std::string& at);

  void compare_tuples(const value& before, const value& after,
                      const std::string& at);

  /// Whether every value of the one is one of the other.
  bool is_within(const value& less, const value& more, bool less_is_before);

  void narrow(const std::string& at, const std::string& what);

  void widen(const std::string& at, const std::string& what);

  void replace(const std::string& at, const std::string& what);

  const rapidjson::Document& before_;
  const rapidjson::Document& after_;
  result found_;
  /// Those that are compared just now: types may hold themselves, and are the
  /// same as long as nothing else is found.
  std::set<std::pair<const value*, const value*>> under_way_;
  /// What `is_within` has found, by the old one, the new one and whether the
  /// old one is the less: there may be more ways to them than time.
  std::map<std::tuple<const value*, const value*, bool>, bool> within_;
  /// Of several, only whether the old ones are within the new ones, or the
  /// other way round, where nothing else is asked.
  std::optional<bool> only_before_;
};

} // namespace flamigo::tool
