#include "flamigo/http/detail/joined_payload.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/tape.hpp"
#include "flamigo/json/detail/unescape.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::detail {

namespace {

/// What stands for one member.
struct given_member {
  const char* from;
  std::vector<std::string_view> texts;
};

using given_members = std::map<std::string, given_member, std::less<>>;

/// Where none of its own, or all of them the same, say what it is.
member_kind kind_of(std::string_view name,
                    const std::vector<kind_finder>& inputs) {
  member_kind result;
  bool is_first = true;
  for (auto find : inputs) {
    if (find == nullptr)
      continue;
    auto next = find(name);
    if (!std::exchange(is_first, false) && next != result)
      return {};
    result = next;
  }
  return result;
}

/// Appends the value; says what is wrong if it is none.
const char* append_value(std::string& out, text_kind kind,
                         std::string_view text) {
  switch (kind) {
    case text_kind::number:
      if (text.empty()
          || !(text[0] == '-' || (text[0] >= '0' && text[0] <= '9'))
          || text.back() < '0' || text.back() > '9' || !is_json(text))
        return "must be a number";
      out += text;
      return nullptr;
    case text_kind::boolean:
      if (text != "true" && text != "false")
        return "must be true or false";
      out += text;
      return nullptr;
    default:
      append_string(out, text);
      return nullptr;
  }
}

const char* append_member(std::string& out, member_kind kind,
                          const given_member& what) {
  if (!kind.is_list) {
    if (what.texts.size() > 1)
      return "stands more than once";
    return append_value(out, kind.each, what.texts.front());
  }
  out += '[';
  for (auto& text : what.texts) {
    if (&text != &what.texts.front())
      out += ',';
    if (auto flaw = append_value(out, kind.each, text))
      return flaw;
  }
  out += ']';
  return nullptr;
}

/// The names of the body's members.
given_members members_of(const json_token& object) {
  given_members result;
  auto* name = &object + 1;
  for (std::uint32_t i = 0; i < object.count; ++i) {
    std::string text;
    append_unescaped(text, name->view());
    result.emplace(std::move(text), given_member{"body", {}});
    name = (name + 1)->next();
  }
  return result;
}

} // namespace

caf::expected<std::string>
joined_payload(const http_request& in, const std::vector<kind_finder>& inputs) {
  raw_json body{""};
  if (!in.body.empty())
    if (auto err = from_json(in.body, body))
      return err;
  if (in.path_parameters.empty() && in.query_parameters.empty()) {
    if (!body.text.empty())
      return std::move(body.text);
    auto takes_members = std::any_of(inputs.begin(), inputs.end(),
                                     [](auto x) { return x != nullptr; });
    return std::string{takes_members ? "{}" : "null"};
  }
  given_members given;
  std::string result = "{";
  if (!body.text.empty()) {
    json_tape tape;
    if (tape.parse(body.text) || tape.root().kind != json_kind::object)
      return invalid_payload({{"", "must be an object, since there are "
                                   "parameters beside it"}});
    given = members_of(tape.root());
    result.assign(body.text, 0, body.text.size() - 1);
  }
  std::vector<field_error> flaws;
  auto add = [&](const http_parameters& those, const char* from) {
    for (auto& [name, value] : those) {
      auto& member
        = given.try_emplace(name, given_member{from, {}}).first->second;
      if (std::string_view{member.from} != from)
        flaws.push_back({name, std::string{"stands in the "} + member.from
                                 + " and in the " + from});
      else
        member.texts.push_back(value);
    }
  };
  add(in.path_parameters, "path");
  add(in.query_parameters, "query");
  auto is_first = result.find_first_not_of(" \t\r\n", 1) == result.npos;
  for (auto& [name, member] : given) {
    if (member.texts.empty())
      continue;
    if (!std::exchange(is_first, false))
      result += ',';
    append_string(result, name);
    result += ':';
    if (auto flaw = append_member(result, kind_of(name, inputs), member))
      flaws.push_back({name, flaw});
  }
  constexpr std::size_t max_flaws = 64;
  flaws.resize(std::min(flaws.size(), max_flaws));
  if (!flaws.empty())
    return invalid_payload(std::move(flaws));
  result += '}';
  return result;
}

} // namespace flamigo::detail
