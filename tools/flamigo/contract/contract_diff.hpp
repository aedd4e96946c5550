#pragma once

#include <string>
#include <vector>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// One thing in which two contracts differ.
struct contract_change {
  /// Whether a client that was written for the old one may fail by it.
  bool breaks;
  /// A sentence that begins with what it is about.
  std::string text;
};

/// Compares two contracts, the old one first, for clients of the old one that
/// meet a server with the new one. What the server takes may become more, what
/// it gives may become less, and never the other way round; who was let in
/// stays let in. Those that break come first.
std::vector<contract_change>
compare_contracts(const rapidjson::Document& before,
                  const rapidjson::Document& after);

} // namespace flamigo::tool
