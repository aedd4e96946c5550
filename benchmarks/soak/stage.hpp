#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../load/connection.hpp"
#include "../load/delivery_ledger.hpp"
#include "../load/poller.hpp"
#include "findings.hpp"

namespace flamigo::soak {

using load::clock;

/// What was done, for the summary.
struct tally {
  /// Connections by what they did.
  std::map<std::string, std::uint64_t, std::less<>> visits;
  /// Of clients that do nothing wrong: each is answered, but for those that met
  /// the end of a server on their way.
  std::uint64_t questions = 0;
  std::uint64_t answers = 0;
  std::uint64_t unanswered = 0;
  std::uint64_t events = 0;
  std::uint64_t calamities = 0;
  /// Clients that were closed because this program itself was late.
  std::uint64_t excused = 0;
  clock::duration latest{};
};

/// What all visitors of a server share.
class stage {
public:
  stage(findings& broken, tally& done, std::uint64_t seed)
    : broken_(broken), done_(done), random_(seed) {
  }

  load::poller& poll() {
    return poll_;
  }

  tally& done() {
    return done_;
  }

  void fault(std::string_view promise, std::string detail) {
    broken_.add(poll_.now(), promise, std::move(detail));
  }

  /// A number below `end`.
  std::uint64_t pick(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>{0, end - 1}(random_);
  }

  /// Whether something happens that does so much in a hundred.
  bool chance(unsigned percent) {
    return pick(100) < percent;
  }

  template <class T>
  T& one_of(std::vector<T>& from) {
    return from[pick(from.size())];
  }

  // -- this program -----------------------------------------------------------

  /// To be called for every turn.
  void turned() {
    auto now = poll_.now();
    auto took = turned_ ? now - *turned_ : clock::duration{};
    turned_ = now;
    done_.latest = std::max(done_.latest, took);
    if (took > late)
      late_at_ = now;
  }

  /// Whether it was too slow itself, not long ago, to answer a ping in time or
  /// to take what waited for it.
  bool was_late() const {
    return late_at_ && poll_.now() - *late_at_ < 4 * late;
  }

  // -- the server -------------------------------------------------------------

  /// Where it listens, with the request that asks for a WebSocket.
  load::endpoint door;

  /// Whether it was told to end, and when.
  bool ending = false;
  clock::time_point ending_since{};

  /// Whether what was asked then may have reached a server that was about to
  /// end.
  bool met_the_end(clock::time_point asked) const {
    return ending && asked > ending_since - on_its_way;
  }

  /// WebSockets that the server has agreed to, and upgrades that were asked for
  /// by someone who did not stay to hear the answer.
  std::uint64_t opened = 0;
  std::uint64_t unheard = 0;

  /// Time as the server has it: none passes while it stands still.
  clock::time_point time() const {
    return (still_since_ ? *still_since_ : poll_.now()) - stood_still_;
  }

  /// When it stood still last.
  clock::time_point stood_still_at() const {
    return stood_still_at_;
  }

  void stands_still(bool yes) {
    if (yes)
      stood_still_at_ = still_since_.emplace(poll_.now());
    else if (still_since_)
      stood_still_ += poll_.now() - *std::exchange(still_since_, std::nullopt);
  }

private:
  static constexpr auto late = std::chrono::milliseconds{1500};
  static constexpr auto on_its_way = std::chrono::milliseconds{500};

  load::poller poll_;
  findings& broken_;
  tally& done_;
  std::mt19937_64 random_;
  std::optional<clock::time_point> still_since_;
  clock::duration stood_still_{};
  clock::time_point stood_still_at_{};
  std::optional<clock::time_point> turned_;
  std::optional<clock::time_point> late_at_;
};

} // namespace flamigo::soak
