#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <caf/actor.hpp>

#include "flamigo/domain/domain_state.hpp"

namespace flamigo {

/// A domain that is hosted, through all of its restarts; what `host` returns.
/// Copy it freely, and use it on any thread.
class domain_handle {
public:
  /// Of no domain.
  domain_handle() = default;

  /// Made by `host`.
  domain_handle(caf::actor supervisor, std::string name,
                std::shared_ptr<const std::atomic<domain_state>> state)
    : actor_(std::move(supervisor)), name_(std::move(name)),
      state_(std::move(state)) {
  }

  /// What is sent to this actor gets to the domain actor that is there then,
  /// from whoever has sent it and in the order of each sender. While there is
  /// none, requests are answered with `errc::unavailable`, and other messages
  /// are dropped with a line in the log. Who monitors it hears when the domain
  /// ends for good; told to exit, it takes the domain along.
  const caf::actor& actor() const noexcept {
    return actor_;
  }

  /// The same, where CAF takes an actor.
  operator const caf::actor&() const noexcept { // NOLINT: implicit
    return actor_;
  }

  /// `app::chat` for the domain of `app::chat:post`; the name of the actor for
  /// one without strategies.
  const std::string& name() const noexcept {
    return name_;
  }

  /// How it is now. Takes no lock.
  domain_state state() const noexcept {
    return state_ ? state_->load() : domain_state::ended;
  }

  /// Whether it takes what it is sent.
  bool ok() const noexcept {
    return state() == domain_state::up;
  }

  /// @private
  const std::shared_ptr<const std::atomic<domain_state>>&
  shared_state() const noexcept {
    return state_;
  }

private:
  caf::actor actor_;
  std::string name_;
  std::shared_ptr<const std::atomic<domain_state>> state_;
};

} // namespace flamigo
