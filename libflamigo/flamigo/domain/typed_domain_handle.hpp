#pragma once

#include <string>
#include <utility>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>

#include "flamigo/domain/domain_handle.hpp"

namespace flamigo {

/// A typed domain that is hosted, through all of its restarts; what
/// `host_typed` returns. `Interface` is its `caf::typed_actor`. Copy it freely,
/// and use it on any thread.
template <class Interface>
class typed_domain_handle {
public:
  /// Of no domain.
  typed_domain_handle() = default;

  /// Made by `host_typed` and `find`.
  explicit typed_domain_handle(domain_handle domain)
    : domain_(std::move(domain)),
      actor_(caf::actor_cast<Interface>(domain_.actor())) {
  }

  /// See `domain_handle::actor`: CAF checks what is sent to it against the
  /// interface.
  const Interface& actor() const noexcept {
    return actor_;
  }

  /// The same, where CAF takes an actor.
  operator const Interface&() const noexcept { // NOLINT: implicit
    return actor_;
  }

  /// The same, where CAF takes an actor without types.
  operator const caf::actor&() const noexcept { // NOLINT: implicit
    return domain_.actor();
  }

  /// See `domain_handle::name`.
  const std::string& name() const noexcept {
    return domain_.name();
  }

  /// See `domain_handle::state`.
  domain_state state() const noexcept {
    return domain_.state();
  }

  /// Whether it takes what it is sent.
  bool ok() const noexcept {
    return domain_.ok();
  }

private:
  domain_handle domain_;
  Interface actor_;
};

} // namespace flamigo
