#pragma once

#include <string>

#include <flamigo/config/configuration.hpp>

namespace auction {

/// The options of the framework and the auction's own.
class configuration : public flamigo::configuration {
public:
  configuration() {
    opt_group{custom_options_, "?auction"}.add(
      ledger, "ledger",
      "file of the database in which bids and sales are written down; "
      ":memory: for none");
  }

  std::string ledger = ":memory:";
};

} // namespace auction
