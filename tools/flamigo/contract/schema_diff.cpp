#include "contract/schema_diff.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "contract/contract_document.hpp"
#include "contract/rule_diff.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

const value* choices_of(const value& schema) {
  auto result = member(schema, "anyOf");
  return result != nullptr ? result : member(schema, "oneOf");
}

/// `string`, `map`, `anything`, or `nothing`.
std::string kind_of(const value& schema) {
  if (schema.IsFalse())
    return "nothing";
  if (choices_of(schema) != nullptr)
    return "one of several";
  if (member(schema, "enum") != nullptr)
    return "enum";
  if (auto only = member(schema, "const"))
    return json_of(*only);
  auto type = member(schema, "type");
  if (type == nullptr || !type->IsString())
    return "anything";
  std::string result{text_of(*type)};
  if (result == "object" && member(schema, "properties") == nullptr)
    return "map";
  if (result == "array" && member(schema, "prefixItems") != nullptr)
    return "tuple";
  return result;
}

/// What tells a struct from the others of a variant.
std::string tag_of(const value& schema) {
  auto only = tag_value(schema, "type");
  return only != nullptr ? json_of(*only) : std::string{};
}

std::set<std::string> texts_of(const value* list) {
  std::set<std::string> result;
  if (list != nullptr && list->IsArray())
    for (auto& each : list->GetArray())
      result.insert(json_of(each));
  return result;
}

std::string below(const std::string& at, std::string_view name) {
  return at.empty() ? std::string{name} : at + "/" + std::string{name};
}

} // namespace

schema_findings schema_diff::compare(const value& before, const value& after) {
  found_ = {};
  compared_.clear();
  within_.clear();
  walk(before, after, {});
  return std::move(found_);
}

void schema_diff::walk(const value& before, const value& after,
                       const std::string& at) {
  if (auto was = tag_of(before), is = tag_of(after); was != is)
    return found_.replace(at, "its type is " + is + " now, and was " + was);
  auto& a = resolved(before, before_);
  auto& b = resolved(after, after_);
  compare_defaults(before, after, at);
  // What stands beside a reference counts as well.
  const value none;
  compare_rules(&a != &before ? before : none, &b != &after ? after : none, at,
                found_);
  if (auto known = compared_.find({&a, &b}); known != compared_.end())
    found_.append(known->second, at);
  else if (under_way_.emplace(&a, &b).second)
    compare_resolved(a, b, at);
}

void schema_diff::compare_resolved(const value& a, const value& b,
                                   const std::string& at) {
  auto before = std::exchange(found_, {});
  compare_kinds(a, b, at);
  auto own = std::exchange(found_, std::move(before));
  found_.append(own);
  compared_.emplace(
    std::pair{&a, &b},
    own.in_short("differs as " + (at.empty() ? "all of it" : at) + " does"));
  under_way_.erase({&a, &b});
}

void schema_diff::compare_defaults(const value& before, const value& after,
                                   const std::string& at) {
  auto was = member(before, "default"), is = member(after, "default");
  if (was != nullptr && is != nullptr && *was != *is)
    found_.tell(at,
                "is " + json_of(*is) + " by default, and was " + json_of(*was));
}

void schema_diff::compare_kinds(const value& a, const value& b,
                                const std::string& at) {
  auto was = kind_of(a), is = kind_of(b);
  compare_all(a, b, at);
  compare_negations(a, b, at);
  if (choices_of(a) != nullptr || choices_of(b) != nullptr)
    return compare_choices(a, b, at);
  if (was != is)
    return compare_other_kinds(a, b, at);
  compare_enums(a, b, at);
  compare_rules(a, b, at, found_);
  compare_members(a, b, at);
  if (was == "tuple")
    compare_tuples(a, b, at);
  compare_parts(a, b, at);
}

void schema_diff::compare_other_kinds(const value& a, const value& b,
                                      const std::string& at) {
  auto was = kind_of(a), is = kind_of(b);
  auto are = [&](const char* one, const char* other) {
    return was == one && is == other;
  };
  if (are("integer", "number") || are("number", "integer"))
    return compare_numbers(a, b, at);
  if (was == "anything" || is == "nothing")
    return found_.narrow(at, "is " + is + " now, and was " + was);
  if (is == "anything" || was == "nothing")
    return found_.widen(at, "is " + is + " now, and was " + was);
  if (are("string", "enum"))
    return found_.narrow(at, "is one of some texts now, not any");
  if (are("enum", "string"))
    return found_.widen(at, "is any text now, not one of some");
  found_.replace(at, "is " + is + " now, and was " + was);
}

void schema_diff::compare_numbers(const value& before, const value& after,
                                  const std::string& at) {
  // What says the same once more is not said.
  schema_findings rules;
  compare_rules(before, after, at, rules);
  if (kind_of(before) == "integer") {
    found_.widen(at, "is any number now, not only an integer");
    rules.widened.clear();
  } else {
    found_.narrow(at, "is an integer now, not any number");
    rules.narrowed.clear();
  }
  found_.append(rules);
}

void schema_diff::compare_choices(const value& before, const value& after,
                                  const std::string& at) {
  if (choices_of(before) != nullptr && choices_of(after) != nullptr)
    compare_rules(before, after, at, found_);
  auto has_place = [&](const value& one, const value& others, bool is_before) {
    auto all = choices_of(others);
    if (all == nullptr)
      return is_within(one, others, is_before);
    for (auto& each : all->GetArray())
      if (is_within(one, each, is_before))
        return true;
    return false;
  };
  auto each_of = [](const value& schema, auto f) {
    if (auto all = choices_of(schema))
      for (auto& each : all->GetArray())
        f(each);
    else
      f(schema);
  };
  each_of(before, [&](const value& each) {
    if (only_before_.value_or(true) && !has_place(each, after, true))
      found_.narrow(at, "is no longer " + kind_of(resolved(each, before_))
                          + " of the old form");
  });
  each_of(after, [&](const value& each) {
    if (!only_before_.value_or(false) && !has_place(each, before, false))
      found_.widen(at, "may be " + kind_of(resolved(each, after_))
                         + " of a new form");
  });
}

bool schema_diff::is_within(const value& less, const value& more,
                            bool less_is_before) {
  auto &was = less_is_before ? less : more, &is = less_is_before ? more : less;
  std::tuple place{&was, &is, less_is_before};
  if (auto known = within_.find(place); known != within_.end())
    return known->second;
  schema_diff other{before_, after_};
  other.under_way_ = under_way_;
  other.within_ = within_;
  other.only_before_ = less_is_before;
  other.walk(was, is, {});
  auto& found = other.found_;
  auto fits = found.replaced.empty()
              && (less_is_before ? found.narrowed.empty()
                                 : found.widened.empty());
  // What fits as long as this does may not, then.
  if (!fits)
    std::erase_if(other.within_, [](auto& x) { return x.second; });
  within_.merge(other.within_);
  within_.emplace(place, fits);
  return fits;
}

void schema_diff::compare_enums(const value& before, const value& after,
                                const std::string& at) {
  auto was = texts_of(member(before, "enum")),
       is = texts_of(member(after, "enum"));
  for (auto& each : was)
    if (!is.contains(each))
      found_.narrow(at, "is never " + each + " any more");
  for (auto& each : is)
    if (!was.contains(each))
      found_.widen(at, "may be " + each);
}

void schema_diff::compare_members(const value& before, const value& after,
                                  const std::string& at) {
  auto was = member(before, "properties"), is = member(after, "properties");
  auto needed = texts_of(member(before, "required")),
       needs = texts_of(member(after, "required"));
  for (auto& each : needs)
    if (!needed.contains(each))
      found_.narrow(at, "the member " + each + " has to be there now");
  for (auto& each : needed)
    if (!needs.contains(each))
      found_.widen(at, "the member " + each + " need not be there any more");
  if (was == nullptr)
    return;
  for (auto& each : was->GetObject()) {
    auto name = text_of(each.name);
    auto now = is != nullptr ? member(*is, name) : nullptr;
    if (now != nullptr)
      walk(each.value, *now, below(at, name));
    else
      found_.replace(below(at, name), "is gone");
  }
  if (is != nullptr)
    for (auto& each : is->GetObject())
      if (member(*was, text_of(each.name)) == nullptr
          && !needs.contains(json_of(each.name)))
        found_.tell(below(at, text_of(each.name)), "may be there now");
}

void schema_diff::compare_parts(const value& before, const value& after,
                                const std::string& at) {
  static const value anything{true};
  for (auto keyword : {"items", "additionalProperties", "propertyNames"}) {
    auto was = member(before, keyword), is = member(after, keyword);
    if (was != nullptr || is != nullptr)
      walk(was != nullptr ? *was : anything, is != nullptr ? *is : anything,
           below(at, "*"));
  }
}

void schema_diff::compare_tuples(const value& before, const value& after,
                                 const std::string& at) {
  auto& was = before["prefixItems"];
  auto& is = after["prefixItems"];
  if (was.Size() != is.Size())
    return found_.replace(at,
                          "has " + std::to_string(is.Size()) + " elements now");
  for (rapidjson::SizeType i = 0; i < was.Size(); ++i)
    walk(was[i], is[i], below(at, std::to_string(i)));
}

void schema_diff::compare_all(const value& before, const value& after,
                              const std::string& at) {
  static const value anything{true};
  auto was = member(before, "allOf"), is = member(after, "allOf");
  auto size = [](const value* all) { return all != nullptr ? all->Size() : 0; };
  for (rapidjson::SizeType i = 0; i < std::max(size(was), size(is)); ++i)
    walk(i < size(was) ? (*was)[i] : anything,
         i < size(is) ? (*is)[i] : anything, at);
}

void schema_diff::compare_negations(const value& before, const value& after,
                                    const std::string& at) {
  static const value nothing{false};
  auto was = member(before, "not"), is = member(after, "not");
  if (was == nullptr && is == nullptr)
    return;
  schema_diff inner{before_, after_};
  inner.under_way_ = under_way_;
  inner.walk(was != nullptr ? *was : nothing, is != nullptr ? *is : nothing,
             below(at, "not"));
  std::swap(inner.found_.narrowed, inner.found_.widened);
  found_.append(inner.found_);
}

} // namespace flamigo::tool
