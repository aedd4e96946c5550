// The auction example: users, domain actors that call one another, timers, a
// database, questions to clients and a stream. docs/auction.md walks through
// it.

#include <memory>

#include <flamigo/serving.hpp>

#include "auctioneer.hpp"
#include "audit.hpp"
#include "configuration.hpp"
#include "login.hpp"
#include "sqlite_ledger.hpp"
#include "wallet.hpp"

int main(int argc, char** argv) {
  auto config = std::make_unique<auction::configuration>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto last_call = config->last_call;
  auto ledger = std::make_shared<auction::sqlite_ledger>(config->ledger);
  flamigo::application app{std::move(config)};
  app.authenticate(auction::user_of_token);
  // In this order, since an auction that ends may still need the wallet.
  app.host(auction::wallet);
  // It has no strategies, whose names would be its name.
  app.host({.name = "app::audit"}, auction::audit, ledger);
  app.host(auction::auctioneer, ledger, last_call);
  return app.run();
}
