#pragma once

#include <chrono>
#include <string>

#include <caf/timespan.hpp>

#include <flamigo/config/configuration.hpp>

namespace auction {

/// The options of the framework and the auction's own.
class configuration : public flamigo::configuration {
public:
  configuration() {
    opt_group{custom_options_, "?auction"}
      .add(ledger, "ledger",
           "file of the database in which bids and sales are written down; "
           ":memory: for none")
      .add(last_call, "last-call",
           "a bid in this time before the end of a lot moves the end");
  }

  std::string ledger = ":memory:";
  caf::timespan last_call = std::chrono::seconds{30};
};

} // namespace auction
