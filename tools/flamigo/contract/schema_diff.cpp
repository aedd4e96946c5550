#include "contract/schema_diff.hpp"

#include <string_view>

#include "contract/contract_document.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

const value* choices_of(const value& schema) {
  auto result = member(schema, "anyOf");
  return result != nullptr ? result : member(schema, "oneOf");
}

/// `string`, `map`, or `anything`.
std::string kind_of(const value& schema) {
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

schema_diff::result schema_diff::compare(const value& before,
                                         const value& after) {
  found_ = {};
  within_.clear();
  walk(before, after, {});
  return std::move(found_);
}

void schema_diff::walk(const value& before, const value& after,
                       const std::string& at) {
  if (auto was = tag_of(before), is = tag_of(after); was != is) {
    return replace(at, "its type is " + is + " now, and was " + was);
  }
  auto& a = resolved(before, before_);
  auto& b = resolved(after, after_);
  auto [place, is_first] = under_way_.emplace(&a, &b);
  if (!is_first)
    return;
  compare_kinds(a, b, at);
  under_way_.erase(place);
}

void schema_diff::compare_kinds(const value& a, const value& b,
                                const std::string& at) {
  auto was = kind_of(a), is = kind_of(b);
  if (was == "anything" && is == "anything")
    return;
  if (choices_of(a) != nullptr || choices_of(b) != nullptr)
    return compare_choices(a, b, at);
  if (was == "integer" && is == "number")
    return widen(at, "is any number now, not only an integer");
  if (was == "number" && is == "integer")
    return narrow(at, "is an integer now, not any number");
  if (was == "anything")
    return narrow(at, "is " + is + " now, and was anything");
  if (is == "anything")
    return widen(at, "is anything now, and was " + was);
  if (was == "string" && is == "enum")
    return narrow(at, "is one of some texts now, not any");
  if (was == "enum" && is == "string")
    return widen(at, "is any text now, not one of some");
  if (was != is)
    return replace(at, "is " + is + " now, and was " + was);
  compare_enums(a, b, at);
  compare_limits(a, b, at);
  compare_members(a, b, at);
  was == "tuple" ? compare_tuples(a, b, at) : compare_parts(a, b, at);
}

void schema_diff::compare_choices(const value& before, const value& after,
                                  const std::string& at) {
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
      narrow(at, "is no longer " + kind_of(resolved(each, before_))
                   + " of the old form");
  });
  each_of(after, [&](const value& each) {
    if (!only_before_.value_or(false) && !has_place(each, before, false))
      widen(at, "may be " + kind_of(resolved(each, after_)) + " of a new form");
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
      narrow(at, "is never " + each + " any more");
  for (auto& each : is)
    if (!was.contains(each))
      widen(at, "may be " + each);
}

void schema_diff::compare_limits(const value& before, const value& after,
                                 const std::string& at) {
  auto compare = [&](const char* keyword, bool is_least) {
    auto was = member(before, keyword), is = member(after, keyword);
    auto number = [](const value* x) { return x->GetDouble(); };
    if (was != nullptr && !was->IsNumber())
      was = nullptr;
    if (is != nullptr && !is->IsNumber())
      is = nullptr;
    if (was == nullptr && is == nullptr)
      return;
    auto text = std::string{keyword} + " is "
                + (is != nullptr ? json_of(*is) : "gone");
    if (was == nullptr)
      narrow(at, text);
    else if (is == nullptr)
      widen(at, text);
    else if (number(was) != number(is))
      (number(is) > number(was)) == is_least ? narrow(at, text)
                                             : widen(at, text);
  };
  compare("minimum", true);
  compare("maximum", false);
  compare("exclusiveMinimum", true);
  compare("exclusiveMaximum", false);
  compare("minItems", true);
  compare("maxItems", false);
  auto compare_rule = [&](const char* keyword) {
    auto was = member(before, keyword), is = member(after, keyword);
    auto old = was != nullptr ? json_of(*was) : "",
         now = is != nullptr ? json_of(*is) : "";
    if (old == now)
      return;
    if (old.empty())
      narrow(at, std::string{keyword} + " is " + now);
    else if (now.empty())
      widen(at, std::string{keyword} + " was " + old);
    else
      replace(at, std::string{keyword} + " is " + now + ", and was " + old);
  };
  for (auto keyword :
       {"pattern", "uniqueItems", "multipleOf", "format", "$comment"})
    compare_rule(keyword);
}

void schema_diff::compare_members(const value& before, const value& after,
                                  const std::string& at) {
  auto was = member(before, "properties"), is = member(after, "properties");
  auto needed = texts_of(member(before, "required")),
       needs = texts_of(member(after, "required"));
  for (auto& each : needs)
    if (!needed.contains(each))
      narrow(at, "the member " + each + " has to be there now");
  for (auto& each : needed)
    if (!needs.contains(each))
      widen(at, "the member " + each + " need not be there any more");
  if (was == nullptr)
    return;
  for (auto& each : was->GetObject()) {
    auto name = text_of(each.name);
    auto now = is != nullptr ? member(*is, name) : nullptr;
    if (now != nullptr)
      walk(each.value, *now, below(at, name));
    else
      replace(below(at, name), "is gone");
  }
}

void schema_diff::compare_parts(const value& before, const value& after,
                                const std::string& at) {
  for (auto keyword : {"items", "additionalProperties", "propertyNames"}) {
    auto was = member(before, keyword), is = member(after, keyword);
    if (was != nullptr && is != nullptr)
      walk(*was, *is, below(at, "*"));
    else if (is != nullptr)
      narrow(at, std::string{keyword} + " are " + kind_of(*is) + " now");
    else if (was != nullptr)
      widen(at, std::string{keyword} + " are anything now");
  }
}

void schema_diff::compare_tuples(const value& before, const value& after,
                                 const std::string& at) {
  auto& was = before["prefixItems"];
  auto& is = after["prefixItems"];
  if (was.Size() != is.Size())
    return replace(at, "has " + std::to_string(is.Size()) + " elements now");
  for (rapidjson::SizeType i = 0; i < was.Size(); ++i)
    walk(was[i], is[i], below(at, std::to_string(i)));
}

void schema_diff::narrow(const std::string& at, const std::string& what) {
  found_.narrowed.push_back(at.empty() ? what : at + ": " + what);
}

void schema_diff::replace(const std::string& at, const std::string& what) {
  found_.replaced.push_back(at.empty() ? what : at + ": " + what);
}

void schema_diff::widen(const std::string& at, const std::string& what) {
  found_.widened.push_back(at.empty() ? what : at + ": " + what);
}

} // namespace flamigo::tool
