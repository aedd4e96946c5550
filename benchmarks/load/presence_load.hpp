#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "channel_load.hpp"

namespace flamigo::load {

/// Connections that join a channel with presence within a second, while others
/// observe. An operation is one that has joined. Beside it, in turn, they join
/// one without presence, and what the observers have got is sent to them as
/// plain events, as many bytes and as often.
class presence_load : public channel_load {
public:
  explicit presence_load(const options& what);

protected:
  void perform() override;

  void complete(report& out) const override;

  void answered(connection& who, const wire_message& what) override;

  void heard(connection& who, const wire_message& what,
             std::size_t size) override;

private:
  /// What the first observer has got at once.
  struct message {
    std::size_t size;
    clock::time_point at;
  };

  /// All of it, one after the other. False if something has gone wrong.
  bool round(bool measures, bool seen_first);

  bool join_seen(bool measures);

  bool join_unseen(bool measures);

  bool send_plainly(bool measures);

  /// Everybody does it, within a second. False if that is not answered, or the
  /// observers have not heard of it.
  bool all(std::string_view strategy, std::string_view payload);

  std::size_t first_observer() const {
    return what_.connections;
  }

  std::size_t observers_end() const {
    return what_.connections + what_.observers;
  }

  measurement unseen_{server_};
  measurement plain_{server_};
  /// When each has asked last.
  std::vector<clock::time_point> asked_;
  std::vector<message> told_;
  /// Whether what comes now belongs to them.
  bool counted_ = false;
  std::uint64_t most_in_a_second_ = 0;
};

} // namespace flamigo::load
