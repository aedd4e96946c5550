#include "contract/contract_check.hpp"

#include <set>
#include <string_view>
#include <utility>

#include "contract/contract_document.hpp"
#include "contract/schema_check.hpp"
#include "failure.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

class contract_checker {
public:
  contract_checker(const rapidjson::Document& contract, std::string where)
    : contract_(contract), where_(std::move(where)) {
  }

  void check() const {
    check_schemas();
    for (auto& each : contract_["channels"].GetObject())
      check_names(each, "events", "has an event");
    for (auto& each : contract_["events"].GetObject())
      check_names(each, "channels", "comes in a channel");
    if (auto routes = member(contract_, "http"))
      for (auto& each : routes->GetObject())
        check_route(text_of(each.name), each.value["strategy"]);
  }

private:
  [[noreturn]] void refuse(std::string_view what,
                           const std::string& how) const {
    throw failure{where_ + ": " + std::string{what} + " " + how};
  }

  void check_schemas() const {
    auto& types = contract_["$defs"];
    for (auto& each : types.GetObject())
      check_schema(each.value, types, place_of(each));
    names entered, ended;
    for (auto& each : types.GetObject())
      check_end_of(text_of(each.name), entered, ended);
    for (auto part : {"strategies", "channels", "events", "requests"})
      for (auto& each : contract_[part].GetObject())
        for (auto name : {"input", "output", "presence", "result", "payload",
                          "question", "answer"})
          if (auto found = member(each.value, name))
            check_schema(*found, types, place_of(each));
  }

  std::string place_of(const value::Member& what) const {
    return where_ + ": " + std::string{text_of(what.name)};
  }

  using names = std::set<std::string_view>;

  /// Who looks for what fits would never come to an end. What has ended once is
  /// not looked at again: there may be more ways to it than time.
  void check_end_of(std::string_view name, names& entered, names& ended) const {
    if (ended.contains(name))
      return;
    if (!entered.insert(name).second)
      refuse(name, "is nothing but a reference that leads back to itself");
    check_end(*member(contract_["$defs"], name), entered, ended);
    ended.insert(name);
  }

  void check_end(const value& schema, names& entered, names& ended) const {
    if (auto name = reference_of(schema); !name.empty())
      check_end_of(name, entered, ended);
    for (auto keyword : {"anyOf", "oneOf", "allOf"})
      if (auto parts = member(schema, keyword))
        for (auto& each : parts->GetArray())
          check_end(each, entered, ended);
  }

  /// Of a channel's events, and the other way round.
  void check_names(const value::Member& of, const char* part,
                   const std::string& has) const {
    for (auto& each : of.value[part].GetArray())
      if (!contract_[part].HasMember(each))
        refuse(text_of(of.name),
               has + " that is not there: " + std::string{text_of(each)});
  }

  void check_route(std::string_view name, const value& strategy) const {
    auto space = name.find(' ');
    if (space == 0 || space == name.npos
        || !name.substr(space).starts_with(" /"))
      refuse(name, "is no method with a path");
    auto what = member(contract_["strategies"], text_of(strategy));
    if (what == nullptr)
      refuse(name, "has a strategy that is not there");
    auto parameters = parameters_of(name.substr(space + 1));
    if (!parameters)
      refuse(name, "has a { or } that is not around a whole segment");
    names seen;
    for (auto parameter : *parameters) {
      if (!seen.insert(parameter).second)
        refuse(name, "has two parameters {" + std::string{parameter} + "}");
      if (!may_have(member(*what, "input"), parameter))
        refuse(name, "has a parameter {" + std::string{parameter}
                       + "} that is not in the input of "
                       + std::string{text_of(strategy)});
    }
  }

  /// Whether an input has such a member, or does not say which it has.
  bool may_have(const value* input, std::string_view name) const {
    if (input == nullptr)
      return false;
    auto members = member(resolved(*input, contract_), "properties");
    return members == nullptr || member(*members, name) != nullptr;
  }

  const rapidjson::Document& contract_;
  std::string where_;
};

} // namespace

void check_contract(const rapidjson::Document& contract,
                    const std::string& where) {
  contract_checker{contract, where}.check();
}

} // namespace flamigo::tool
