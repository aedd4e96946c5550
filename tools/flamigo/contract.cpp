#include "contract.hpp"

#include <filesystem>
#include <fstream>
#include <ostream>

#include "contract/asyncapi.hpp"
#include "contract/contract_diff.hpp"
#include "contract/contract_document.hpp"
#include "contract/openapi.hpp"
#include "contract/typescript.hpp"
#include "failure.hpp"
#include "program.hpp"

namespace flamigo::tool {

namespace {

std::string made(const contract_options& options) {
  auto where = options.from.value_or("what the program has printed");
  auto text = options.from
                ? content_of(*options.from)
                : ask_program(project::find(std::filesystem::current_path()),
                              "--contract");
  auto contract = parse_contract(text, where);
  if (options.typescript)
    return typescript_of(contract);
  if (options.asyncapi)
    return asyncapi_of(contract);
  if (options.openapi)
    return openapi_of(contract);
  return text;
}

} // namespace

void contract(const contract_options& options, std::ostream& out) {
  // As of variables of a shell that are not set.
  if (options.from && options.from->empty())
    throw failure{"--from is empty: name a file"};
  if (options.to && options.to->empty())
    throw failure{"--output is empty: name a file"};
  auto text = made(options);
  if (!options.to) {
    out << text;
    return;
  }
  // What is built of it is not built again for nothing.
  if (std::filesystem::exists(*options.to) && content_of(*options.to) == text)
    return;
  std::ofstream file{*options.to, std::ios::binary};
  file << text << std::flush;
  if (!file)
    throw failure{"cannot write " + *options.to};
}

bool contract_diff(const std::string& before, const std::string& after,
                   std::ostream& out) {
  if (before.empty())
    throw failure{"the old contract is empty: name a file"};
  if (after.empty())
    throw failure{"the new contract is empty: name a file"};
  auto found = compare_contracts(read_contract(before), read_contract(after));
  bool result = true;
  for (auto& each : found) {
    out << (each.breaks ? "breaking    " : "compatible  ") << each.text << '\n';
    result &= !each.breaks;
  }
  if (found.empty())
    out << "nothing has changed\n";
  return result;
}

} // namespace flamigo::tool
