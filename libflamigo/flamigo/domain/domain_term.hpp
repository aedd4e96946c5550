#pragma once

#include <cstdint>

namespace flamigo {

/// The time for which a domain lives on this node, of several on which it
/// could: that of a lease. For any thread.
class domain_term {
public:
  /// With this token.
  explicit domain_term(std::uint64_t token) noexcept : token_(token) {
  }

  domain_term(const domain_term&) = delete;

  domain_term& operator=(const domain_term&) = delete;

  virtual ~domain_term() = default;

  /// Whether it lasts, by this node's own clock. Once over, it stays over.
  virtual bool lasts() const noexcept = 0;

  /// Larger than that of every term before it, on whatever node: a store that
  /// remembers the largest one refuses who is late.
  std::uint64_t token() const noexcept {
    return token_;
  }

private:
  const std::uint64_t token_;
};

} // namespace flamigo
