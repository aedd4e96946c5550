#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "options.hpp"

namespace flamigo::load {

/// What a message says about a question.
struct answer {
  /// The ackId, 0 if there is none of ours.
  std::uint64_t id = 0;
  /// Whether it is what was asked for.
  bool good = false;
  /// Whether it answers nothing: an event, which a program may send as well.
  bool event = false;
};

/// The request that a load makes over and over: an echo for
/// `app::bench:echo`, about 140 bytes, of which every one is another and comes
/// back, or what the command line says.
class question {
public:
  explicit question(const options& what);

  /// Writes a request with that ackId.
  void write(std::string& out, std::uint64_t id) const;

  answer read(std::string_view text) const;

private:
  /// Empty for the echo.
  std::string topic_;
  /// What stands before the ackId.
  std::string begin_;
};

} // namespace flamigo::load
