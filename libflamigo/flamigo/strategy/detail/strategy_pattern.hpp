#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <caf/error.hpp>

namespace flamigo::detail {

/// Which strategies are meant, by their names: `namespace::domain:action`,
/// where a `*` stands for any text of the part that it is in, or for all of
/// them if it is alone.
class strategy_pattern {
public:
  /// Of text that has been checked.
  explicit strategy_pattern(std::string text) : text_(std::move(text)) {
  }

  /// Fails for text that is no pattern, and for one that can match nothing in
  /// this namespace; the error says what to write.
  static caf::error check(std::string_view text, std::string_view ns);

  bool matches(std::string_view name) const noexcept;

  const std::string& text() const noexcept {
    return text_;
  }

private:
  std::string text_;
};

} // namespace flamigo::detail
