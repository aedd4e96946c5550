// The load generator: one thread that costs far less than the servers it
// drives, so that any figure of the project can be measured anew.

#include <exception>
#include <iostream>
#include <memory>

#include "flamigo/json/json.hpp"

#include "churn_load.hpp"
#include "fanout_load.hpp"
#include "idle_load.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "presence_load.hpp"
#include "recover_load.hpp"
#include "report.hpp"
#include "request_load.hpp"

namespace {

using namespace flamigo::load;

std::unique_ptr<scenario> make_scenario(const options& what) {
  if (what.mode == "request")
    return std::make_unique<request_load>(what);
  if (what.mode == "fanout")
    return std::make_unique<fanout_load>(what);
  if (what.mode == "recover")
    return std::make_unique<recover_load>(what);
  if (what.mode == "presence")
    return std::make_unique<presence_load>(what);
  if (what.mode == "idle")
    return std::make_unique<idle_load>(what);
  return std::make_unique<churn_load>(what);
}

bool run(const options& what) {
  if (what.cpu)
    pin_to_cpu(*what.cpu);
  auto result = make_scenario(what)->run();
  if (what.json)
    std::cout << flamigo::to_json(result) << '\n';
  else
    std::cout << to_table(result);
  if (result.first_error)
    std::cerr << "flamigo-load: " << *result.first_error << '\n';
  else if (result.lost > 0)
    std::cerr << "flamigo-load: still waiting, in vain, for " << result.lost
              << " replies, deliveries or connections\n";
  return is_good(result);
}

} // namespace

int main(int argc, char** argv) {
  try {
    int status = 0;
    auto what = read_options(argc, argv, status);
    if (!what)
      return status;
    return run(*what) ? 0 : 1;
  } catch (const std::exception& err) {
    std::cerr << "flamigo-load: " << err.what() << '\n';
    return 1;
  }
}
