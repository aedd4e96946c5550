#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace flamigo {

/// Who may use the publishing API, and what for. Read from a file that a person
/// writes, a line for each key:
///
///     # name   scopes           SHA-256 of the key, in hexadecimal digits
///     billing  publish,presence
///     9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b82…
///
/// The key itself is nowhere on this machine. What follows a `#` is a comment.
/// A value; read on any thread.
class api_keys {
public:
  /// What a key may be for. `admin` is for looking into the server.
  static constexpr std::array<std::string_view, 7> all_scopes{
    "publish", "disconnect", "presence", "history", "info", "call", "admin"};

  /// Reads what stands in a file. The public message of the error begins with
  /// `name:line: `.
  static caf::expected<api_keys> parse(std::string_view text,
                                       std::string_view name);

  /// Reads a file.
  static caf::expected<api_keys> load(const std::string& file);

  /// The number of keys.
  std::size_t size() const noexcept {
    return keys_.size();
  }

  /// A key that somebody has shown.
  struct holder {
    /// What the file calls it.
    std::string name;
    /// Its 32 bytes, by which it is known when the file is read again.
    std::string sha256;
  };

  /// Whose key this is, if it may do that; else fails as `check`.
  caf::expected<holder> identify(std::string_view token,
                                 std::string_view scope) const;

  /// Whether a key that was shown is one still, and may do that.
  bool still_allows(const holder& who, std::string_view scope) const;

  /// Whether there is a key for that.
  bool has_scope(std::string_view scope) const;

  /// Says whether what stands in a header `Authorization` may do this:
  /// `errc::unauthorized` where it is no key, `errc::forbidden` where the key
  /// is for something else. How long it takes does not tell how much of a key
  /// was right.
  caf::error check(std::string_view authorization,
                   std::string_view scope) const;

private:
  using digest = std::array<unsigned char, 32>;

  struct key {
    std::string name;
    std::vector<std::string_view> scopes;
    digest hash;

    bool may(std::string_view scope) const noexcept;
  };

  static digest hash_of(std::string_view key);

  /// Adds what a line says, without its comment. Returns what is wrong.
  std::string add(std::string_view line);

  const key* find(std::string_view token) const;

  std::vector<key> keys_;
};

} // namespace flamigo
