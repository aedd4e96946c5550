#pragma once

#include <string>
#include <utility>

#include <flamigo/testing/app.hpp>

#include "domain.hpp"
#include "entry.hpp"
#include "whoami.hpp"

namespace chat {

/// All of the chat that main registers, with fake users instead of tokens.
struct app : flamigo::testing::app {
  explicit app(rooms from = {}) {
    authenticate();
    add_whoami(strategies());
    host(domain, std::move(from));
    open_rooms(*this);
  }

  /// A client of the user who has this name, and this id.
  flamigo::testing::fake_client log_in(const std::string& name) {
    return connect(flamigo::user{.id = name, .name = name});
  }

  flamigo::testing::fake_client log_in_moderator() {
    return connect(flamigo::user{.id = "moderator",
                                 .name = "moderator",
                                 .permissions = {"chat:moderate"}});
  }
};

} // namespace chat
