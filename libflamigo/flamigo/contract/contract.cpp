#include "flamigo/contract/contract.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "flamigo/access/access_matrix.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/contract/detail/contract_document.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/schema/schema_set.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo {

namespace {

using namespace detail;

[[noreturn]] void refuse_event(const std::string& topic,
                               const std::string& pattern) {
  throw std::logic_error{"contract: the event \"" + topic
                         + "\" comes in the channel \"" + pattern
                         + "\", which is none that clients reach; declare it "
                           "with app.channel"};
}

class contract_writer {
public:
  explicit contract_writer(const contract_source& of) : of_(of) {
    result_.program = of.program;
    result_.path = of.path;
    result_.authenticates = of.authenticates;
  }

  std::string write() {
    for (auto& each : of_.doors)
      if (each.kind == "strategy")
        add_strategy(each);
      else if (each.kind == "http" && !each.strategy.empty())
        add_route(each);
    of_.channels.for_each([this](const channel& each) { add_channel(each); });
    for (auto& [topic, note] : of_.notes.events())
      add_event(topic, note);
    for (auto& [topic, note] : of_.notes.requests())
      result_.requests.emplace(topic, contract_request{{note.question(types_)},
                                                       {note.answer(types_)}});
    for (auto& [name, errors] : of_.notes.errors())
      if (of_.strategies.find(name) == nullptr)
        throw std::logic_error{"contract: an error is declared of the strategy "
                               "\""
                               + name + "\", which is not there"};
    auto text = to_json(result_);
    // A name that no member can have.
    text.back() = ',';
    return text + "\"$defs\":" + types_.definitions() + "}";
  }

private:
  /// One schema for all that there may be; nothing if that is nothing.
  std::optional<raw_json> one_of(const std::vector<schema_function>& all) {
    if (all.empty())
      return std::nullopt;
    if (all.size() == 1)
      return raw_json{all.front()(types_)};
    std::string text;
    for (auto each : all)
      text += (text.empty() ? "{\"anyOf\":[" : ",") + each(types_);
    return raw_json{text + "]}"};
  }

  std::optional<raw_json> input_of(const strategy_info& info) {
    auto& all = info.schemas_in;
    // What takes no input takes whatever comes.
    if (std::find(all.begin(), all.end(), nullptr) != all.end())
      return std::nullopt;
    return one_of(all);
  }

  raw_json output_of(const strategy_info& info) {
    auto& names = info.outputs;
    auto may_be_none = std::find(names.begin(), names.end(), "none")
                       != names.end();
    auto some = one_of(info.schemas_out);
    if (!some)
      return {R"({"type":"null"})"};
    return may_be_none
             ? raw_json{"{\"anyOf\":[" + some->text + ",{\"type\":\"null\"}]}"}
             : *some;
  }

  void add_strategy(const door& by) {
    auto access = access_of(by);
    if (access.empty())
      return;
    auto what = of_.strategies.find(by.name);
    auto& info = what->info();
    contract_strategy made{.input = input_of(info),
                           .output = output_of(info),
                           .stream = info.streams,
                           .guard = info.guard,
                           .access = std::move(access),
                           .home = info.home,
                           .errors = errors_of(*what, by)};
    for (auto& limit : what->guard().limits())
      made.limits.push_back(to_string(limit));
    result_.strategies.emplace(by.name, std::move(made));
  }

  void add_route(const door& by) {
    if (!result_.http)
      result_.http.emplace();
    result_.http->emplace(by.name, contract_route{by.strategy, access_of(by)});
  }

  /// Those that follow from what it is, then those that were declared.
  std::vector<contract_error> errors_of(const strategy& what, const door& by) {
    std::vector<contract_error> result;
    auto may_be = [&](bool is, errc code) {
      if (is)
        result.push_back({status_of(code), to_string(code)});
    };
    auto& inputs = what.info().schemas_in;
    may_be(std::any_of(inputs.begin(), inputs.end(),
                       [](auto each) { return each != nullptr; }),
           errc::invalid_payload);
    may_be(by.needs_user, errc::unauthorized);
    may_be(refuses_somebody(by), errc::forbidden);
    may_be(!what.guard().limits().empty(), errc::too_many_requests);
    may_be(what.host() != nullptr, errc::unavailable);
    may_be(what.host() != nullptr, errc::timeout);
    auto& all = of_.notes.errors();
    if (auto found = all.find(what.name()); found != all.end())
      for (auto& each : found->second) {
        result.push_back({each.status, each.code});
        if (!each.description.empty())
          result.back().description = each.description;
      }
    return result;
  }

  /// Whether there is somebody whom the guard does not let in.
  static bool refuses_somebody(const door& by) {
    using list = std::vector<std::string>;
    return access_of(by)
           != (by.needs_user ? list{"user"} : list{"guest", "user"});
  }

  void add_channel(const channel& what) {
    auto& pattern = what.topics().text();
    contract_channel made{.guard = what.guard().name(),
                          .history = what.history() != nullptr};
    if (auto seen = what.presence())
      made.presence = raw_json{seen->shown ? seen->shown(types_) : "{}"};
    for (auto& each : of_.doors)
      if (each.kind == "channel" && each.name == pattern)
        made.access = access_of(each);
    if (made.access.empty())
      return;
    if (auto join = of_.strategies.find(what.options().join)) {
      made.input = input_of(join->info());
      made.result = output_of(join->info());
    }
    result_.channels.emplace(pattern, std::move(made));
  }

  void add_event(const std::string& topic,
                 const contract_notes::event_note& note) {
    for (auto& pattern : note.channels) {
      auto found = result_.channels.find(pattern);
      if (found == result_.channels.end())
        refuse_event(topic, pattern);
      found->second.events.push_back(topic);
    }
    result_.events.emplace(topic, contract_event{{note.payload(types_)},
                                                 note.channels});
  }

  const contract_source& of_;
  contract_document result_;
  schema_set types_;
};

} // namespace

std::string make_contract(const contract_source& of) {
  return contract_writer{of}.write();
}

} // namespace flamigo
