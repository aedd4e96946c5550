#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <rapidjson/document.h>

#include "contract/schema_findings.hpp"

namespace flamigo::tool {

/// Compares two schemas of two contracts. What of a value is no longer allowed,
/// and what is newly allowed, are told apart: of an input the one is breaking,
/// of an output the other.
class schema_diff {
public:
  schema_diff(const rapidjson::Document& before,
              const rapidjson::Document& after)
    : before_(before), after_(after) {
  }

  schema_findings compare(const rapidjson::Value& before,
                          const rapidjson::Value& after);

private:
  using value = rapidjson::Value;

  void walk(const value& before, const value& after, const std::string& at);

  void compare_resolved(const value& a, const value& b, const std::string& at);

  /// What is meant by a member that does not come.
  void compare_defaults(const value& before, const value& after,
                        const std::string& at);

  void compare_kinds(const value& a, const value& b, const std::string& at);

  void compare_other_kinds(const value& a, const value& b,
                           const std::string& at);

  /// One is an integer, the other any number.
  void compare_numbers(const value& before, const value& after,
                       const std::string& at);

  void compare_choices(const value& before, const value& after,
                       const std::string& at);

  void compare_enums(const value& before, const value& after,
                     const std::string& at);

  void compare_members(const value& before, const value& after,
                       const std::string& at);

  void compare_parts(const value& before, const value& after,
                     const std::string& at);

  void compare_tuples(const value& before, const value& after,
                      const std::string& at);

  /// `allOf`, each with the one in its place.
  void compare_all(const value& before, const value& after,
                   const std::string& at);

  /// `not`: what it narrows is more.
  void compare_negations(const value& before, const value& after,
                         const std::string& at);

  /// Whether every value of the one is one of the other.
  bool is_within(const value& less, const value& more, bool less_is_before);

  const rapidjson::Document& before_;
  const rapidjson::Document& after_;
  schema_findings found_;
  /// Those that are compared just now: types may hold themselves, and are the
  /// same as long as nothing else is found.
  std::set<std::pair<const value*, const value*>> under_way_;
  /// What is said of those that have been compared, where they are met again:
  /// there may be more ways to them than time.
  std::map<std::pair<const value*, const value*>, schema_findings> compared_;
  /// What `is_within` has found, by the old one, the new one and whether the
  /// old one is the less.
  std::map<std::tuple<const value*, const value*, bool>, bool> within_;
  /// Of several, only whether the old ones are within the new ones, or the
  /// other way round, where nothing else is asked.
  std::optional<bool> only_before_;
};

} // namespace flamigo::tool
