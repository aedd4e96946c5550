#include "flamigo/socketio/detail/kept_clients.hpp"

#include <utility>

namespace flamigo::detail {

namespace {

std::size_t bytes_of(const kept_clients::session& what) {
  auto result = sizeof(what) + 256 + what.where.size() + what.log.bytes();
  for (auto& x : what.what.channels)
    result += sizeof(x) + x.topic.size() + x.input.size();
  return result;
}

} // namespace

kept_clients::kept_clients(const socket_io_recovery& options)
  : options_(options) {
}

void kept_clients::add(const std::string& pid, alive who) {
  std::lock_guard guard{mutex_};
  living_[pid] = std::move(who);
}

void kept_clients::keep(const std::string& pid, session what, time_point now) {
  auto bytes = bytes_of(what);
  std::lock_guard guard{mutex_};
  living_.erase(pid);
  if (options_.max_clients == 0 || bytes > options_.max_bytes)
    return;
  while (!kept_.empty()
         && (is_over(kept_.front().what, now)
             || kept_.size() >= options_.max_clients
             || bytes_ + bytes > options_.max_bytes))
    erase(kept_.begin());
  kept_.push_back({pid, std::move(what), bytes});
  index_[pid] = std::prev(kept_.end());
  bytes_ += bytes;
}

void kept_clients::drop(const std::string& pid) {
  std::lock_guard guard{mutex_};
  living_.erase(pid);
}

std::optional<kept_clients::session> kept_clients::take(const std::string& pid,
                                                        std::string_view where,
                                                        time_point now) {
  std::lock_guard guard{mutex_};
  auto known = index_.find(pid);
  if (known == index_.end() || known->second->what.where != where)
    return std::nullopt;
  std::optional result{std::move(known->second->what)};
  erase(known->second);
  if (is_over(*result, now))
    result.reset();
  return result;
}

kept_clients::alive kept_clients::find(const std::string& pid) {
  std::lock_guard guard{mutex_};
  auto known = living_.find(pid);
  return known != living_.end() ? known->second : alive{};
}

std::size_t kept_clients::size() const {
  std::lock_guard guard{mutex_};
  return kept_.size();
}

void kept_clients::erase(entries::iterator which) {
  bytes_ -= which->bytes;
  index_.erase(which->pid);
  kept_.erase(which);
}

} // namespace flamigo::detail
