#pragma once

#include <string>

#include <caf/error.hpp>

namespace flamigo {

struct claims;

} // namespace flamigo

namespace flamigo::detail {

/// What a validator shares with its copies.
class validator_node {
public:
  explicit validator_node(std::string name) : name_(std::move(name)) {
    // nop
  }

  virtual ~validator_node();

  const std::string& name() const noexcept {
    return name_;
  }

  /// Returns no error if the actor may pass. The trace of an error begins with
  /// the name of the leaf that said no. Never throws but std::bad_alloc.
  virtual caf::error check(const claims& who) const = 0;

private:
  std::string name_;
};

} // namespace flamigo::detail
