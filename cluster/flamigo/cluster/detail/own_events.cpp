#include "flamigo/cluster/detail/own_events.hpp"

#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

caf::error own_events::add(entry what, bool& first) {
  std::lock_guard guard{mtx_};
  if (refused_)
    return refused_;
  if (count_ == max_events || bytes_ + what.text.size() > max_bytes)
    return make_error(errc::unavailable, "",
                      "too many events of channels with history wait for the "
                      "NATS server");
  first = coming_.empty();
  bytes_ += what.text.size();
  ++count_;
  coming_.push_back(std::move(what));
  return {};
}

std::size_t own_events::count() const {
  std::lock_guard guard{mtx_};
  return count_;
}

void own_events::refuse(caf::error why) {
  std::lock_guard guard{mtx_};
  refused_ = std::move(why);
}

void own_events::accept() {
  refuse({});
}

void own_events::gather() {
  std::vector<entry> came;
  {
    std::lock_guard guard{mtx_};
    came.swap(coming_);
  }
  for (auto& x : came) {
    x.number = ++last_;
    all_.push_back(std::move(x));
  }
}

void own_events::begin_as(std::string writer) {
  writer_ = std::move(writer);
  last_ = 0;
  sent = 0;
  for (auto& x : all_)
    x.number = ++last_;
}

own_events::entry own_events::take_first() {
  auto result = std::move(all_.front());
  all_.pop_front();
  if (sent > 0)
    --sent;
  std::lock_guard guard{mtx_};
  --count_;
  bytes_ -= result.text.size();
  return result;
}

std::vector<own_events::entry> own_events::take_all() {
  gather();
  std::vector<entry> result;
  while (!all_.empty())
    result.push_back(take_first());
  return result;
}

} // namespace flamigo::detail
