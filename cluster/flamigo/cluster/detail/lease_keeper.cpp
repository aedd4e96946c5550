#include "flamigo/cluster/detail/lease_keeper.hpp"

#include <algorithm>
#include <utility>

namespace flamigo::detail {

using namespace std::chrono_literals;

lease_keeper::lease_keeper(std::string owner, std::string node,
                           lease_options options)
  : owner_(std::move(owner)), node_(std::move(node)),
    options_(std::move(options)) {
}

void lease_keeper::look_at(time_point now) {
  if (now >= until_)
    token_ = 0;
}

auto lease_keeper::ask(time_point now, bool writes, lease_record what)
  -> question {
  asked_ = question{writes, std::move(what)};
  asked_when_ = now;
  return *asked_;
}

auto lease_keeper::free_at() const -> time_point {
  if (is_mine())
    // Of a term that is over, or that was never known to have begun.
    return {};
  auto& entry = known_->entry;
  if (entry.token == 0)
    // If there was one, it was lost with the store, and who held it may not
    // know yet.
    return seen_since_ + lasted_;
  return entry.owner.empty() ? time_point{} : seen_since_ + entry.lasts;
}

auto lease_keeper::next(time_point now, std::chrono::milliseconds calendar)
  -> std::optional<question> {
  look_at(now);
  if (asked_ || now < next_at_)
    return std::nullopt;
  if (ends_)
    return next_of_end(now);
  if (known_ && !wants_ && is_mine())
    return give_back(now);
  if (!known_ || !wants_ || (token_ == 0 && now < free_at()))
    return ask(now, false);
  auto& entry = known_->entry;
  auto token = token_;
  renews_ = token != 0;
  if (!renews_) {
    token = largest_ + 1;
    if (entry.token == 0)
      token = std::max(token, static_cast<std::uint64_t>(calendar.count()));
  }
  largest_ = std::max(largest_, token);
  has_written_ = true;
  return ask(now, true,
             {known_->revision, {owner_, node_, token, options_.lasts}});
}

auto lease_keeper::next_of_end(time_point now) -> std::optional<question> {
  if (has_ended())
    return std::nullopt;
  --tries_;
  return known_ ? give_back(now) : ask(now, false);
}

auto lease_keeper::give_back(time_point now) -> question {
  auto what = *known_;
  what.entry.owner.clear();
  return ask(now, true, std::move(what));
}

void lease_keeper::found(time_point now, lease_record what) {
  asked_.reset();
  look_at(now);
  what.entry.lasts = std::clamp(what.entry.lasts, 0ms, longest_lease);
  // From now on, and not from when it was asked: it was written before.
  if (seen_ != what) {
    seen_ = what;
    seen_since_ = now;
  }
  known_ = what;
  largest_ = std::max(largest_, what.entry.token);
  if (what.entry.token != 0)
    lasted_ = what.entry.lasts;
  // Whoever took it has waited for longer than this, unless the store has lost
  // what was written.
  if (token_ != 0 && what.entry.token != 0
      && (!is_mine() || what.entry.token != token_))
    token_ = 0;
  if (ends_)
    return;
  auto is_next = token_ != 0 || (!wants_ && is_mine());
  auto waits_until = wants_ ? std::max(now, free_at()) : time_point::max();
  next_at_ = is_next ? now : std::min(waits_until, now + options_.poll);
}

void lease_keeper::written(time_point now, std::uint64_t revision) {
  look_at(now);
  auto what = std::exchange(asked_, std::nullopt)->what;
  what.revision = revision;
  known_ = seen_ = what;
  seen_since_ = now;
  lasted_ = what.entry.lasts;
  if (ends_)
    return;
  // It was given back, or is to be.
  if (!is_mine() || !wants_) {
    next_at_ = is_mine() || wants_ ? now : now + options_.poll;
    return;
  }
  auto until = asked_when_ + options_.lasts - options_.margin;
  // A term that is over stays over: somebody may have been told.
  if (now >= until || (renews_ && token_ == 0)) {
    next_at_ = now;
    return;
  }
  token_ = what.entry.token;
  until_ = until;
  next_at_ = asked_when_ + options_.renew;
}

void lease_keeper::failed(time_point now) {
  look_at(now);
  auto wrote = std::exchange(asked_, std::nullopt)->writes;
  known_.reset();
  next_at_ = wrote ? now : now + options_.poll;
}

bool lease_keeper::want(time_point now, bool whether) {
  if (ends_ || std::exchange(wants_, whether) == whether)
    return false;
  // With an answer that is waited for it goes on by itself.
  next_at_ = now;
  if (!wants_) {
    token_ = 0;
    until_ = {};
  }
  return true;
}

void lease_keeper::end(time_point now) {
  if (ends_)
    return;
  ends_ = true;
  token_ = 0;
  until_ = {};
  next_at_ = now;
}

bool lease_keeper::has_ended() const {
  if (!ends_ || !has_written_)
    return ends_;
  return !asked_ && (tries_ == 0 || (known_ && !is_mine()));
}

std::string lease_keeper::holder() const {
  return seen_ && !seen_->entry.owner.empty() ? seen_->entry.node
                                              : std::string{};
}

} // namespace flamigo::detail
