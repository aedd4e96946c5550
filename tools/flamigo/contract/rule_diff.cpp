#include "contract/rule_diff.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "contract/contract_document.hpp"
#include "contract/schema_keywords.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

/// A keyword with a number, and whether that is the least or the most.
struct limit {
  const char* keyword;
  bool is_least;
};

constexpr std::array<limit, 10> limits{{{"minimum", true},
                                        {"maximum", false},
                                        {"exclusiveMinimum", true},
                                        {"exclusiveMaximum", false},
                                        {"minLength", true},
                                        {"maxLength", false},
                                        {"minItems", true},
                                        {"maxItems", false},
                                        {"minProperties", true},
                                        {"maxProperties", false}}};

bool is_limit(std::string_view keyword) {
  return std::any_of(limits.begin(), limits.end(),
                     [keyword](auto& each) { return each.keyword == keyword; });
}

void compare_limits(const value& before, const value& after,
                    const std::string& at, schema_findings& found) {
  for (auto [keyword, is_least] : limits) {
    auto was = member(before, keyword), is = member(after, keyword);
    if (was == nullptr && is == nullptr)
      continue;
    auto text = std::string{keyword} + " is "
                + (is != nullptr ? json_of(*is) : "gone");
    if (was == nullptr)
      found.narrow(at, text);
    else if (is == nullptr)
      found.widen(at, text);
    else if (auto old = was->GetDouble(), now = is->GetDouble(); old != now)
      (now > old) == is_least ? found.narrow(at, text) : found.widen(at, text);
  }
}

template <class F>
void each_rule(const value& schema, F f) {
  if (schema.IsObject())
    for (auto& each : schema.GetObject())
      if (auto name = text_of(each.name); is_rule(name) && !is_limit(name))
        f(name, json_of(each.value));
}

} // namespace

void compare_rules(const value& before, const value& after,
                   const std::string& at, schema_findings& found) {
  compare_limits(before, after, at, found);
  each_rule(before, [&](std::string_view name, const std::string& was) {
    std::string rule{name};
    if (auto is = member(after, name); is == nullptr)
      found.widen(at, rule + " was " + was);
    else if (auto now = json_of(*is); now != was)
      found.replace(at, rule + " is " + now + ", and was " + was);
  });
  each_rule(after, [&](std::string_view name, const std::string& is) {
    if (member(before, name) == nullptr)
      found.narrow(at, std::string{name} + " is " + is);
  });
}

} // namespace flamigo::tool
