#include "contract/contract_diff.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "contract/contract_document.hpp"
#include "contract/schema_diff.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

std::set<std::string> texts_of(const value& list) {
  std::set<std::string> result;
  for (auto& each : list.GetArray())
    result.emplace(text_of(each));
  return result;
}

/// A channel and an event that comes in it.
using event_place = std::pair<std::string, std::string>;

/// Those that one contract has more than another which has both of them. The
/// channels say it, and the events.
std::set<event_place> places_only_in(const rapidjson::Document& one,
                                     const rapidjson::Document& other) {
  std::set<event_place> result;
  auto look = [&](const char* part, const char* list, auto add) {
    for (auto& each : one[part].GetObject()) {
      auto there = member(other[part], text_of(each.name));
      if (there == nullptr)
        continue;
      auto known = texts_of((*there)[list]);
      for (auto& name : texts_of(each.value[list]))
        if (!known.contains(name) && member(other[list], name) != nullptr)
          add(std::string{text_of(each.name)}, name);
    }
  };
  look("channels", "events",
       [&](auto channel, auto event) { result.emplace(channel, event); });
  look("events", "channels",
       [&](auto event, auto channel) { result.emplace(channel, event); });
  return result;
}

class comparison {
public:
  comparison(const rapidjson::Document& before,
             const rapidjson::Document& after)
    : before_(before), after_(after), schemas_(before, after) {
  }

  std::vector<contract_change> run() {
    if (before_["path"] != after_["path"])
      breaking("the WebSocket",
               "is at " + std::string{text_of(after_["path"])});
    if (before_["authenticates"] != after_["authenticates"])
      fine("the program", after_["authenticates"].GetBool()
                            ? "asks clients who they are now"
                            : "does not ask who clients are any more");
    each_of("strategies", "strategy",
            [this](auto&... x) { compare_strategies(x...); });
    each_of("channels", "channel",
            [this](auto&... x) { compare_channels(x...); });
    compare_places();
    each_of("events", "event", [this](auto& name, auto& was, auto& is) {
      compare_given(name, was["payload"], is["payload"]);
      if (was["channels"].Empty() && !is["channels"].Empty())
        breaking(name, "comes in channels only now");
    });
    each_of("requests", "request", [this](auto& name, auto& was, auto& is) {
      compare_given(name + ": question", was["question"], is["question"]);
      compare_taken(name + ": answer", was["answer"], is["answer"]);
    });
    each_of("http", "http", [this](auto& name, auto& was, auto& is) {
      if (was["strategy"] != is["strategy"])
        breaking(name, "is " + std::string{text_of(is["strategy"])} + " now");
      compare_access(name, was["access"], is["access"]);
    });
    std::stable_partition(changes_.begin(), changes_.end(),
                          [](auto& x) { return x.breaks; });
    return std::move(changes_);
  }

private:
  template <class F>
  void each_of(const char* part, const std::string& kind, F compare) {
    // A file may be from before there was such a part.
    const value none{rapidjson::kObjectType};
    auto part_of = [&](const value& all) -> const value& {
      auto found = member(all, part);
      return found != nullptr ? *found : none;
    };
    auto &before = part_of(before_), &after = part_of(after_);
    for (auto& each : before.GetObject()) {
      auto name = kind + " " + std::string{text_of(each.name)};
      if (auto now = member(after, text_of(each.name)))
        compare(name, each.value, *now);
      else
        breaking(name, "is gone");
    }
    for (auto& each : after.GetObject())
      if (!before.HasMember(each.name))
        fine(kind + " " + std::string{text_of(each.name)}, "is new");
  }

  void compare_strategies(const std::string& name, const value& was,
                          const value& is) {
    compare_inputs(name, was, is);
    compare_given(name + ": answer", was["output"], is["output"]);
    if (was["stream"] != is["stream"])
      breaking(name, is["stream"].GetBool() ? "answers in parts now"
                                            : "answers at once now");
    compare_access(name, was["access"], is["access"]);
    if (was["limits"] != is["limits"])
      fine(name, "is limited in another way");
    compare_errors(name, was["errors"], is["errors"]);
  }

  void compare_channels(const std::string& name, const value& was,
                        const value& is) {
    compare_inputs(name, was, is);
    compare_optional(name + ": result", was, is, "result");
    compare_optional(name + ": presence", was, is, "presence");
    if (was["history"].GetBool() && !is["history"].GetBool())
      breaking(name, "keeps no events any more");
    else if (was["history"] != is["history"])
      fine(name, "keeps its events now");
    compare_access(name, was["access"], is["access"]);
  }

  /// Which events come in which channels.
  void compare_places() {
    for (auto& [channel, event] : places_only_in(before_, after_))
      breaking("channel " + channel, "has no event " + event + " any more");
    // One that came without a channel is told of where events are.
    for (auto& [channel, event] : places_only_in(after_, before_))
      if (!(*member(before_["events"], event))["channels"].Empty())
        fine("channel " + channel, "has the event " + event + " now");
  }

  /// Without one, whatever comes is taken.
  void compare_inputs(const std::string& name, const value& was,
                      const value& is) {
    auto old = member(was, "input"), now = member(is, "input");
    if (old != nullptr && now != nullptr)
      compare_taken(name + ": input", *old, *now);
    else if (old != nullptr)
      fine(name, "takes no input any more");
    else if (now != nullptr)
      breaking(name, "takes an input now");
  }

  void compare_optional(const std::string& name, const value& was,
                        const value& is, const char* part) {
    auto old = member(was, part), now = member(is, part);
    if (old != nullptr && now != nullptr)
      compare_given(name, *old, *now);
    else if (old != nullptr)
      breaking(name, "is gone");
    else if (now != nullptr)
      fine(name, "is new");
  }

  void compare_taken(const std::string& name, const value& was,
                     const value& is) {
    auto found = schemas_.compare(was, is);
    for (auto& each : found.narrowed)
      breaking(name, each);
    for (auto& each : found.replaced)
      breaking(name, each);
    for (auto& each : found.widened)
      fine(name, each);
    for (auto& each : found.told)
      fine(name, each);
  }

  void compare_given(const std::string& name, const value& was,
                     const value& is) {
    auto found = schemas_.compare(was, is);
    for (auto& each : found.widened)
      breaking(name, each);
    for (auto& each : found.replaced)
      breaking(name, each);
    for (auto& each : found.narrowed)
      fine(name, each);
    for (auto& each : found.told)
      fine(name, each);
  }

  /// Entries of `access_of`. Who comes in by fewer permissions of the new one
  /// comes in still; what has a `not` or an `if` is the same or is stricter,
  /// for all that is known.
  void compare_access(const std::string& name, const value& was,
                      const value& is) {
    auto old = texts_of(was), now = texts_of(is);
    auto lets_in = [](const std::set<std::string>& all,
                      const std::string& who) {
      return std::any_of(all.begin(), all.end(), [&](auto& each) {
        return each == who || covers(each, who);
      });
    };
    for (auto& who : old)
      if (!who.starts_with("not ") && !lets_in(now, who))
        breaking(name, "does not let in " + who + " any more");
    for (auto& who : now) {
      auto is_asked = who.find(' ') != who.npos && !who.starts_with("not ");
      if (is_asked && lets_in(plain(old), who)) {
        breaking(name, "lets in only " + who);
      } else if (who.starts_with("not ")) {
        if (!old.contains(who))
          breaking(name, "does not let in " + who.substr(4) + " any more");
      } else if (!lets_in(old, who)) {
        fine(name, "lets in " + who);
      }
    }
  }

  /// Those without a condition.
  static std::set<std::string> plain(const std::set<std::string>& all) {
    std::set<std::string> result;
    for (auto& each : all)
      if (each.find(' ') == each.npos)
        result.insert(each);
    return result;
  }

  /// Whether who comes in as `who` comes in by this entry, without a condition.
  static bool covers(const std::string& entry, const std::string& who) {
    if (entry.find(' ') != entry.npos)
      return false;
    auto name = who.substr(0, who.find(' '));
    if (entry == name)
      return true;
    if (!entry.starts_with("user") || !name.starts_with("user"))
      return false;
    auto has = permissions_of(name), needs = permissions_of(entry);
    return std::includes(has.begin(), has.end(), needs.begin(), needs.end());
  }

  static std::set<std::string> permissions_of(const std::string& who) {
    std::set<std::string> result;
    for (auto at = who.find(':'); at < who.size();) {
      auto end = std::min(who.find(',', at + 1), who.size());
      result.insert(who.substr(at + 1, end - at - 1));
      at = end;
    }
    return result;
  }

  void compare_errors(const std::string& name, const value& was,
                      const value& is) {
    auto statuses = [](const value& list) {
      std::map<std::string, int> result;
      for (auto& each : list.GetArray())
        result.emplace(text_of(each["code"]), each["status"].GetInt());
      return result;
    };
    auto old = statuses(was), now = statuses(is);
    for (auto& [code, status] : now)
      if (auto before = old.find(code); before == old.end())
        fine(name, "may fail with " + code);
      else if (before->second != status)
        fine(name, "fails with " + code + " as " + std::to_string(status)
                     + " now, and did as " + std::to_string(before->second));
    for (auto& [code, status] : old)
      if (!now.contains(code))
        fine(name, "does not fail with " + code + " any more");
  }

  void breaking(const std::string& what, const std::string& how) {
    changes_.push_back({true, what + ": " + how});
  }

  void fine(const std::string& what, const std::string& how) {
    changes_.push_back({false, what + ": " + how});
  }

  const rapidjson::Document& before_;
  const rapidjson::Document& after_;
  schema_diff schemas_;
  std::vector<contract_change> changes_;
};

} // namespace

std::vector<contract_change>
compare_contracts(const rapidjson::Document& before,
                  const rapidjson::Document& after) {
  return comparison{before, after}.run();
}

} // namespace flamigo::tool
