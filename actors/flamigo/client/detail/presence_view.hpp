#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/presence/presence_list.hpp"

namespace flamigo::detail {

/// What a client knows of who is in a channel: a list, and the changes behind
/// it. What changes while a list is on its way waits for that.
class presence_view {
public:
  /// Changes that may wait.
  static constexpr std::size_t max_held = 64;

  /// A list is asked for. Whoever asks keeps what this returns until it has
  /// come, and nobody else has the same of another view.
  std::shared_ptr<void> ask() const noexcept {
    return asked_;
  }

  /// It has come, and is what the client is told next: perhaps behind one that
  /// was asked for later. Fails if more has changed since than may wait.
  caf::error take(const presence_list& what) {
    if (dropped_ > what.version)
      return make_error(errc::unavailable,
                        "who is there changes faster than it can be told");
    version_ = what.version;
    if (!is_asking())
      std::erase_if(held_, [this](auto& x) { return x.version <= version_; });
    is_listed_ = true;
    is_told_ = false;
    return {};
  }

  /// Whether a list is on its way.
  bool is_asking() const noexcept {
    return asked_.use_count() > 1;
  }

  /// Whether the client has had a list.
  bool is_told() const noexcept {
    return is_told_;
  }

  /// Whether none has come, and none will.
  bool is_missed() const noexcept {
    return !is_listed_ && !is_asking();
  }

  /// Whether the client cannot be told any more what it has missed.
  bool is_lost() const noexcept {
    return dropped_ > version_ && !is_asking();
  }

  /// Whether this change is for the client now.
  bool hear(std::uint64_t version, const std::string& frame) {
    if (!is_told_ || is_asking()) {
      if (held_.size() < max_held)
        held_.push_back({version, frame});
      else
        dropped_ = version;
      return false;
    }
    if (version <= version_)
      return false;
    version_ = version;
    return true;
  }

  /// The client has been told the list: sends what has waited for that, unless
  /// another one is on its way.
  template <class F>
  void told(F send) {
    is_told_ = is_listed_;
    if (is_asking())
      return;
    for (auto& x : std::exchange(held_, {}))
      if (hear(x.version, x.frame))
        send(x.frame);
  }

private:
  struct change {
    std::uint64_t version;
    std::string frame;
  };

  /// Shared by those who have asked.
  std::shared_ptr<void> asked_ = std::make_shared<char>();
  /// The newest change that the client has.
  std::uint64_t version_ = 0;
  /// The newest one for which there was no room.
  std::uint64_t dropped_ = 0;
  bool is_listed_ = false;
  bool is_told_ = false;
  std::vector<change> held_;
};

} // namespace flamigo::detail
