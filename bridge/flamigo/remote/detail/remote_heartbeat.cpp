#include "flamigo/remote/detail/remote_heartbeat.hpp"

#include <utility>

namespace flamigo::detail {

remote_heartbeat::remote_heartbeat(const remote_options& options,
                                   remote_timers& clock,
                                   std::function<bool()> ask,
                                   std::function<void()> dead)
  : options_(options), clock_(clock), ask_(std::move(ask)),
    dead_(std::move(dead)) {
}

void remote_heartbeat::heard() {
  heard_at_ = clock_.now();
  asks_ = false;
}

void remote_heartbeat::start() {
  heard();
  watch();
}

void remote_heartbeat::stop() {
  asks_ = false;
  timer_.stop();
}

void remote_heartbeat::probe() {
  if (asks_ || !ask_())
    return;
  asks_ = true;
  timer_.start(options_.patience, [this] {
    if (asks_)
      dead_();
    else
      watch();
  });
}

void remote_heartbeat::watch() {
  if (options_.heartbeat.count() == 0)
    return;
  auto rest = heard_at_ + options_.heartbeat - clock_.now();
  if (rest.count() > 0)
    timer_.start(rest, [this] { watch(); });
  else
    probe();
}

} // namespace flamigo::detail
