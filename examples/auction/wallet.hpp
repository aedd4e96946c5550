#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <flamigo/flamigo.hpp>

#include "messages.hpp"

namespace auction {

/// The money of all users, and what of it is set aside. In memory: a restart
/// begins with nothing.
struct wallet_state {
  struct held {
    std::string user;
    std::int64_t amount;
  };

  std::map<std::string, std::int64_t> free;
  /// By the names of the reservations.
  std::map<std::string, held> reserved;

  static inline const char* name = "wallet";
};

/// The domain actor of app::wallet. Users put money in and look at it; only the
/// program sets it aside (`internal`), on behalf of the user that it acts for,
/// gives it back and pays with it. To give back what is not there, any more or
/// yet, is no error. When the auction falls, what is set aside is free again.
flamigo::domain_behavior wallet(flamigo::domain_actor<wallet_state>* self);

} // namespace auction
