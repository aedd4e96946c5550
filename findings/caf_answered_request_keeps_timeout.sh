#!/usr/bin/env bash
# CAF: the time-out of a request that was answered stays until it is due.
#
# Expected: when the answer to `request(to, 1h, ...)` has come, nothing waits for
#   the hour any more, and an actor that asks one thing after another takes as
#   much memory as one that asks with `infinite`.
# Instead: the answer does not take the time-out out of the system's clock. Each
#   request leaves an entry of some 200 bytes there, in two trees, until its time
#   is up or the actor ends: 10,000 requests a second with 10 s each are 100,000
#   entries. Setting one also wakes the clock's thread. A generous limit costs
#   more than a tight one.
#
# C++ Actor Framework 0.17.6 (Debian's libcaf-dev 0.17.6-2.1+b1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libcaf-dev=0.17.6-2.1+b1 libcaf-core0.17=0.17.6-2.1+b1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <chrono>
#include <iostream>
#include <thread>

#include <malloc.h>

#include <caf/all.hpp>

using namespace caf;

constexpr int requests = 100'000;

/// Asks one thing after the other, then tells that it was answered each time.
void ask(event_based_actor* self, actor to, duration limit, int left,
         actor whom) {
  if (left == 0) {
    self->send(whom, ok_atom::value);
    return;
  }
  self->request(to, limit, left).then([=](int) {
    ask(self, to, limit, left - 1, whom);
  });
}

/// Bytes of the heap that each request has left behind when all are answered.
long left_behind(actor_system& system, const actor& to, duration limit) {
  scoped_actor self{system};
  auto before = mallinfo2().uordblks;
  auto asking = system.spawn([&](event_based_actor* who) -> behavior {
    ask(who, to, limit, requests, self);
    return {[](float) {}};
  });
  self->receive([](ok_atom) {});
  // The clock's thread takes what it is told from a queue.
  std::this_thread::sleep_for(std::chrono::seconds{1});
  auto after = mallinfo2().uordblks;
  anon_send_exit(asking, exit_reason::user_shutdown);
  self->wait_for(asking);
  return (static_cast<long>(after) - static_cast<long>(before)) / requests;
}

int main() {
  actor_system_config config;
  actor_system system{config};
  auto to = system.spawn([]() -> behavior {
    return {[](int x) { return x; }};
  });
  auto unlimited = left_behind(system, to, infinite);
  auto limited = left_behind(system, to, duration{std::chrono::seconds{3600}});
  std::cout << "an answered request without a limit leaves " << unlimited
            << " bytes\nan answered request with one of an hour leaves "
            << limited << " bytes" << std::endl;
  anon_send_exit(to, exit_reason::user_shutdown);
  return unlimited < 10 && limited > 100 ? 0 : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
