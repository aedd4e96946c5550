#pragma once

#include <string>
#include <vector>

#include "flamigo/access/door.hpp"
#include "flamigo/contract/contract_notes.hpp"

namespace flamigo {

class channel_registry;
class strategy_registry;

/// What a contract is made of. Refers to all that it is made with.
struct contract_source {
  const strategy_registry& strategies; ///< All of them.
  const channel_registry& channels;    ///< All of them.
  const contract_notes& notes;         ///< What they do not know.
  /// Who comes in where; what nobody outside reaches is not in the contract.
  const std::vector<door>& doors;
  /// What the program is called.
  std::string program = {};
  /// The path of its WebSocket.
  std::string path = "/ws";
  /// Whether clients prove who they are.
  bool authenticates = false;
};

/// Returns what a program promises its clients, as one JSON document: what each
/// strategy takes and answers, who may call it and with which errors it fails,
/// all channels, events and requests. Types are JSON Schema 2020-12, under
/// `$defs`. The same program has the same text each time.
///
/// Throws std::logic_error where the notes name a channel or a strategy that is
/// not there.
std::string make_contract(const contract_source& of);

} // namespace flamigo
