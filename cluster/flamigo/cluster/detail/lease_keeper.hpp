#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "flamigo/cluster/detail/lease_clock.hpp"
#include "flamigo/cluster/detail/lease_entry.hpp"
#include "flamigo/cluster/lease_options.hpp"

namespace flamigo::detail {

/// Nobody is waited for longer, whatever is written.
constexpr std::chrono::milliseconds longest_lease = std::chrono::hours{1};

/// Decides for one node when it holds a lease, and what it has to ask the
/// store. Has neither a clock nor the store: it is told the time and the
/// answers.
///
/// Nobody trusts another one's clock, nor the server's. The holder counts from
/// before it sent what was written; the others count from when they have seen
/// that, which is later, and wait as long as it says. So the holder has always
/// lost it first. Who takes it over writes on top of what it has seen, so of
/// several only one does; and that has a larger token than all before it.
class lease_keeper {
public:
  using time_point = lease_clock::time_point;

  /// What to ask the store.
  struct question {
    /// Else it is read.
    bool writes = false;
    lease_record what{};
  };

  /// The owner's id is nobody else's, and no other keeper's of this node.
  lease_keeper(std::string owner, std::string node, lease_options options);

  /// What has to be asked now. Its answer is waited for, so that there is one
  /// question at a time. The first holder's token is what the calendar says, in
  /// milliseconds since 1970, so that it is larger than those that a store
  /// which was lost has given.
  std::optional<question> next(time_point now,
                               std::chrono::milliseconds calendar);

  void found(time_point now, lease_record what);

  void written(time_point now, std::uint64_t revision);

  /// Nobody knows whether it was written, or what there is.
  void failed(time_point now);

  /// Whether it competes for it, which it does at first. If not, it gives back
  /// what it holds, and goes on to look who has it. False if nothing changes.
  bool want(time_point now, bool whether);

  /// Holds it no more, and gives it back with the next question.
  void end(time_point now);

  /// It is given back, or there was nothing to give; or it has been tried often
  /// enough.
  bool has_ended() const;

  /// 0: it does not hold it.
  std::uint64_t token(time_point now) const noexcept {
    return now < until_ ? token_ : 0;
  }

  /// When it has lost it if nothing is written until then.
  time_point until() const noexcept {
    return until_;
  }

  /// The id of the node that held it when it was read last, or empty.
  std::string holder() const;

private:
  /// Forgets a term that is over.
  void look_at(time_point now);

  bool is_mine() const {
    return known_ && known_->entry.owner == owner_;
  }

  /// When nobody can hold it any more.
  time_point free_at() const;

  question ask(time_point now, bool writes, lease_record what = {});

  /// What is written so that another one can have it.
  question give_back(time_point now);

  std::optional<question> next_of_end(time_point now);

  const std::string owner_;
  const std::string node_;
  const lease_options options_;
  /// What was asked, and when.
  std::optional<question> asked_;
  time_point asked_when_;
  /// It is to go on with a term.
  bool renews_ = false;
  time_point next_at_;
  /// What the store has, as long as nothing speaks against it.
  std::optional<lease_record> known_;
  /// The last that was read or written, and since when it is known.
  std::optional<lease_record> seen_;
  time_point seen_since_;
  /// The largest that was ever read or asked for.
  std::uint64_t largest_ = 0;
  /// What others wait who have seen it, if it is there no more.
  std::chrono::milliseconds lasted_{0};
  std::uint64_t token_ = 0;
  time_point until_;
  /// Something may have been written in its name.
  bool has_written_ = false;
  bool wants_ = true;
  bool ends_ = false;
  int tries_ = 4;
};

} // namespace flamigo::detail
