#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/presence/presence_engine.hpp"

namespace flamigo::test {

/// An engine that takes its time: what it is told and asked waits until a test
/// lets it go on, in order or not, or has it fail. For one thread.
class slow_presence final : public presence_engine {
public:
  explicit slow_presence(presence_engine& behind) : behind_(behind) {
  }

  // -- what a test does -------------------------------------------------------

  /// How much waits.
  std::size_t waiting() const noexcept {
    return asked_.size();
  }

  /// Does and answers what was asked first, or after so many others.
  void answer(std::size_t behind = 0) {
    take(behind)({});
  }

  /// The same with an error, of which only a list has something to say.
  void fail() {
    take(0)(make_error(errc::unavailable));
  }

  void answer_all() {
    while (!asked_.empty())
      answer();
  }

  // -- presence_engine --------------------------------------------------------

  void set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes) override {
    asked_.emplace_back([this, channel = std::string{channel}, who,
                         before = std::string{before},
                         max_bytes](const caf::error&) {
      behind_.set(channel, who, before, max_bytes);
    });
  }

  void remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) override {
    asked_.emplace_back([this, channel = std::string{channel},
                         key = std::string{key},
                         id = std::string{connection_id}](const caf::error&) {
      behind_.remove(channel, key, id);
    });
  }

  void list(std::string_view channel, list_receiver then) override {
    asked_.emplace_back([this, channel = std::string{channel},
                         then = std::move(then)](caf::error why) mutable {
      if (why)
        return then(std::move(why));
      // What it has found is on its way, and may be old when it comes.
      behind_.list(channel, [&](caf::expected<presence_list> what) {
        asked_.emplace_back([what = std::move(what), then = std::move(then)](
                              auto) mutable { then(std::move(what)); });
      });
    });
  }

private:
  using task = std::function<void(caf::error)>;

  task take(std::size_t behind) {
    auto which = asked_.begin() + static_cast<std::ptrdiff_t>(behind);
    auto result = std::move(*which);
    asked_.erase(which);
    return result;
  }

  presence_engine& behind_;
  std::deque<task> asked_;
};

} // namespace flamigo::test
