#include "flamigo/application/detail/own_errors.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

/// What the program itself has declared stays as it is.
void add_error(contract_notes& to, const std::string& strategy,
               declared_error what) {
  auto known = to.errors().find(strategy);
  if (known == to.errors().end()
      || std::none_of(known->second.begin(), known->second.end(),
                      [&](auto& each) { return each.code == what.code; }))
    to.error(strategy, std::move(what));
}

void add_error(contract_notes& to, const std::string& strategy, errc code,
               std::string about) {
  add_error(to, strategy, {status_of(code), to_string(code), std::move(about)});
}

/// What clients get who ask for a channel.
void add_channel_errors(contract_notes& to, const strategy_registry& strategies,
                        const channel_registry& channels) {
  auto subscribe = strategies.name_of("websocket:subscribe");
  for (auto& name : {subscribe, strategies.name_of("websocket:presence")}) {
    add_error(to, name, errc::unknown_channel, "There is no such channel.");
    add_error(to, name, errc::unauthorized, "The channel is not for guests.");
    add_error(to, name, errc::forbidden, "Its guard or its check says no.");
    add_error(to, name, errc::timeout, "There was no answer in time.");
  }
  add_error(to, subscribe, errc::too_many_requests,
            "The client has too many subscriptions.");
  add_error(to, subscribe, errc::cancelled,
            "The subscription has ended meanwhile.");
  add_error(to, subscribe, errc::unavailable,
            "The channel's history cannot be read now.");
  channels.for_each([&](const channel& each) {
    auto joining = to.errors().find(each.options().join);
    if (joining != to.errors().end())
      for (auto& what : joining->second)
        add_error(to, subscribe, what);
  });
}

/// What clients get who prove who they are, be it to an actor.
void add_auth_errors(contract_notes& to, const std::string& strategy,
                     const authenticator& by) {
  add_error(to, strategy, errc::unauthorized,
            "The token is refused, or has expired.");
  add_error(to, strategy, errc::conflict,
            "The connection is another user's, or was signed out meanwhile.");
  add_error(to, strategy, errc::too_many_requests,
            "The user has too many connections, or is authenticating already.");
  if (!by.service())
    return;
  add_error(to, strategy, errc::unavailable, "Nobody can verify it now.");
  add_error(to, strategy, errc::timeout, "There was no answer in time.");
}

} // namespace

contract_notes with_own_errors(contract_notes notes,
                               const strategy_registry& strategies,
                               const channel_registry& channels,
                               const authenticator* verifier) {
  add_channel_errors(notes, strategies, channels);
  if (verifier != nullptr)
    add_auth_errors(notes, auth_strategy_name(strategies), *verifier);
  return notes;
}

} // namespace flamigo::detail
