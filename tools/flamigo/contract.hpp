#pragma once

#include <iosfwd>
#include <optional>
#include <string>

namespace flamigo::tool {

/// What is wanted of a program's contract; nothing is the contract itself.
struct contract_options {
  /// A file with it; without one the project around is built and asked.
  std::optional<std::string> from{};
  /// The types of a client.
  bool typescript = false;
  /// A document of AsyncAPI 3.
  bool asyncapi = false;
  /// A document of OpenAPI 3.1.
  bool openapi = false;
  /// Where it is written; without one that is `out`. Only touched where it
  /// changes.
  std::optional<std::string> to{};
};

/// Prints or writes a contract, or what is made of it. Throws `failure` for a
/// project that cannot be built, for a file that is no contract, and for one
/// whose name is empty.
void contract(const contract_options& options, std::ostream& out);

/// Prints how two files with contracts differ, and returns whether clients of
/// the old one can go on with the new one. Throws `failure` for a file that is
/// no contract.
bool contract_diff(const std::string& before, const std::string& after,
                   std::ostream& out);

} // namespace flamigo::tool
