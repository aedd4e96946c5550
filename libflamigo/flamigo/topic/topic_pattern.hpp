#pragma once

#include <compare>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// Which topics a subscriber wants. Every segment is a name or `*`, which
/// stands for any one name, and the topic may go on where the pattern ends:
/// `users/*` matches `users/42` and `users/42/profile`, `users` matches both
/// and itself, `users/*/profile` does not match `users/42`. As large as a topic
/// at most.
class topic_pattern {
public:
  // -- constructors -----------------------------------------------------------

  /// The pattern that matches nothing.
  topic_pattern() = default;

  /// The topic and all below it.
  topic_pattern(const topic& root) : text_(root.text()) {
    // nop
  }

  /// For patterns that the program itself makes. Throws std::invalid_argument
  /// if `text` is no pattern.
  explicit topic_pattern(std::string text);

  /// For patterns that come from elsewhere. The error's public message says
  /// what is wrong.
  static caf::expected<topic_pattern> parse(std::string text);

  // -- properties -------------------------------------------------------------

  /// With its slashes and asterisks.
  const std::string& text() const noexcept {
    return text_;
  }

  /// Whether it is the pattern that matches nothing.
  bool empty() const noexcept {
    return text_.empty();
  }

  /// Allocates nothing.
  bool matches(const topic& x) const noexcept;

  // -- friends ----------------------------------------------------------------

  friend auto operator<=>(const topic_pattern&, const topic_pattern&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, topic_pattern& x) {
    auto check = caf::meta::load_callback([&x] { return check_text(x.text_); });
    return f(caf::meta::type_name("flamigo::topic_pattern"), x.text_, check);
  }

private:
  static caf::error check_text(std::string_view text);

  std::string text_;
};

/// Returns whether a subscriber of this pattern gets what has this topic.
/// @relates topic_pattern
inline bool matches(const topic_pattern& pattern, const topic& x) noexcept {
  return pattern.matches(x);
}

/// Returns the text of a pattern.
/// @relates topic_pattern
inline const std::string& to_string(const topic_pattern& x) noexcept {
  return x.text();
}

} // namespace flamigo
