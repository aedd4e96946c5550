#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/cluster/detail/journal_frame.hpp"
#include "flamigo/cluster/detail/journal_transport.hpp"

namespace flamigo::detail {

/// Asks the other nodes how far the journal is: all of them who could say so,
/// and the first of these for the whole.
class journal_inquiry {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The transport outlives it.
  explicit journal_inquiry(journal_transport& transport)
    : transport_(transport) {
  }

  /// About the journal with this id.
  void begin(const std::string& journal, time_point now);

  /// Asks again where nobody has answered. False when that has lasted so long
  /// that nobody will.
  bool tick(time_point now);

  /// What all answers say together, once they are there.
  std::optional<journal_note> answered(journal_answer&& what, time_point now);

private:
  void ask(time_point now);

  std::optional<journal_note> take_part(journal_answer&& what);

  journal_transport& transport_;
  std::string journal_;
  /// Since when nobody has said that it could answer.
  time_point since_;
  time_point asked_;
  std::string whom_;
  std::vector<std::optional<journal_note>> parts_;
};

/// The answers that say together what a node knows.
std::vector<journal_answer> answers_of(const std::string& node,
                                       const std::string& journal,
                                       journal_note what);

} // namespace flamigo::detail
