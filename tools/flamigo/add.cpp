#include "add.hpp"

#include <ostream>

#include <flamigo/error/error.hpp>
#include <flamigo/strategy/strategy_registry.hpp>

#include "changes.hpp"
#include "failure.hpp"
#include "generate.hpp"
#include "words.hpp"

namespace flamigo::tool {

namespace {

void say_how_clients_get_events(const project& to, const std::string& domain,
                                std::ostream& out) {
  if (to.with().has(feature::websocket))
    out
      << "\nLet clients have its events, in interfaces/websocket/client.cpp:\n"
         "  who.subscribe(\""
      << domain << "\");\n";
}

} // namespace

void add_domain(const project& to, const std::string& domain, bool empty,
                std::ostream& out) {
  changes edits{to.root()};
  generate_domain(edits, to, domain, empty);
  edits.apply(out);
  if (empty)
    out << "\nGive it a strategy:  flamigo add strategy app::" << domain
        << ":ACTION\n";
  else
    say_how_clients_get_events(to, domain, out);
}

void add_strategy(const project& to, const std::string& strategy,
                  std::ostream& out) {
  auto parts = words_of(strategy, ":");
  if (strategy_registry::check_form(strategy) || parts.size() != 3
      || parts[0] != "app")
    throw failure{"a strategy is called app::DOMAIN:ACTION, such as "
                  "app::orders:cancel, not \""
                  + strategy + "\""};
  changes edits{to.root()};
  generate_strategy(edits, to, parts[1], parts[2]);
  edits.apply(out);
}

void add_event(const project& to, const std::string& event, std::string domain,
               std::ostream& out) {
  auto domains = to.domains();
  if (domains.empty())
    throw failure{"an event belongs to a domain, and there is none yet: make "
                  "one with `flamigo add domain NAME`"};
  if (domain.empty() && domains.size() > 1) {
    std::string all;
    for (auto& x : domains)
      all += (all.empty() ? "" : ", ") + x;
    throw failure{"say whose event it is with --domain: there are " + all};
  }
  if (domain.empty())
    domain = domains.front();
  changes edits{to.root()};
  generate_event(edits, to, domain, event);
  edits.apply(out);
  out << "\nPublish it in a strategy, which says -> caf::result<...>:\n"
         "  if (auto err = ctx.publish("
      << event << "{...}))\n    return err;\n";
  say_how_clients_get_events(to, domain, out);
}

void add_websocket(const project& to) {
  if (to.with().has(feature::websocket))
    throw failure{"this project has its WebSocket: see "
                  "interfaces/websocket/client.cpp"};
  throw failure{
    "whether a project has a WebSocket is chosen when it is made, because "
    "main.cpp is built around it. Make one beside this, `flamigo init "
    "OTHER-NAME --with websocket`, and copy your domains/ and tests/ into it, "
    "and what you added to main.cpp; or take interfaces/websocket/ and the "
    "line with on_open from there, instead of http_only() here"};
}

} // namespace flamigo::tool
