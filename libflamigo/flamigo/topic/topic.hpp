#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

namespace flamigo {

/// The name under which events are published: segments joined by slashes, as
/// in `users/42/profile`. No segment is empty, and none contains `*`, which is
/// for patterns. Both `max_bytes` and `max_segments` hold for patterns as well:
/// they bound what a subscription costs. A value; case matters.
class topic {
public:
  /// The length of a text, with its slashes.
  static constexpr std::size_t max_bytes = 1'024;

  /// How many segments a text may have.
  static constexpr std::size_t max_segments = 32;

  // -- constructors -----------------------------------------------------------

  /// The topic without a name: nothing matches it.
  topic() = default;

  /// For names that the program itself makes. Throws std::invalid_argument if
  /// `text` is no topic.
  explicit topic(std::string text);

  /// For names that come from elsewhere. The error's public message says what
  /// is wrong.
  static caf::expected<topic> parse(std::string text);

  // -- properties -------------------------------------------------------------

  /// With its slashes.
  const std::string& text() const noexcept {
    return text_;
  }

  /// Whether it is the topic without a name.
  bool empty() const noexcept {
    return text_.empty();
  }

  // -- friends ----------------------------------------------------------------

  friend auto operator<=>(const topic&, const topic&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, topic& x) {
    auto check = caf::meta::load_callback([&x] { return check_text(x.text_); });
    return f(caf::meta::type_name("flamigo::topic"), x.text_, check);
  }

private:
  static caf::error check_text(std::string_view text);

  std::string text_;
};

/// Returns the text of a topic.
/// @relates topic
inline const std::string& to_string(const topic& x) noexcept {
  return x.text();
}

/// Makes one segment of any text, so that it can become part of a topic: `/`,
/// `*` and `%` are written as in a URL (`%2F`), and an empty text is `%`. Texts
/// that differ give segments that differ. Up to three times as long as `text`,
/// which may be more than a topic takes.
std::string topic_segment(std::string_view text);

} // namespace flamigo
