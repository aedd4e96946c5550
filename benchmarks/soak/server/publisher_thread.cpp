#include "publisher_thread.hpp"

#include <string>

#include "events.hpp"

namespace flamigo::soak {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 5ms;

/// Every so many events, one waits for its listeners.
constexpr std::uint64_t waits_each = 16;

} // namespace

publisher_thread::publisher_thread(const flamigo::bus& events,
                                   const flamigo::roster& clients)
  : events_(events), clients_(clients), thread_([this] { run(); }) {
}

publisher_thread::~publisher_thread() {
  stopped_ = true;
  thread_.join();
}

void publisher_thread::be_loud(std::chrono::milliseconds time) {
  loud_until_ = (clock::now() + time).time_since_epoch().count();
}

void publisher_thread::run() {
  while (!stopped_) {
    busy_ = true;
    if (wanted_)
      publish_next();
    else
      busy_ = false;
    if (clock::now().time_since_epoch().count() < loud_until_)
      shout();
    else
      std::this_thread::sleep_for(pause);
  }
}

void publisher_thread::publish_next() {
  auto n = published_.load();
  if (n % waits_each == 0)
    (void) events_.publish_sync(numbered_event{from_thread, n}, 5s);
  else
    (void) events_.publish(numbered_event{from_thread, n});
  published_ = n + 1;
  clients_.kick_user("nobody-" + std::to_string(n));
}

void publisher_thread::shout() {
  for (int i = 0; i < 100; ++i) {
    (void) events_.publish(loud_event{shouted_++});
    clients_.kick_connection("nobody");
  }
}

} // namespace flamigo::soak
