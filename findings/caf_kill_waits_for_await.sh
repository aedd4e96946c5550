#!/usr/bin/env bash
# CAF: an actor that awaits a response cannot be killed.
#
# Expected: `anon_send_exit(actor, exit_reason::kill)` ends an actor soon,
#   whatever it does; that is what the kill reason is for.
# Instead: while a `request(...).await(...)` is pending, every other message is
#   skipped, exit messages among them. The actor lives until the answer comes,
#   for ever if none does and the request has no time-out. With `then` in the
#   place of `await` it ends at once.
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

#include <caf/all.hpp>

using namespace caf;

/// Whether an actor that waits for an answer in this way has ended some time
/// after it was killed.
template <class Wait>
bool ends(actor_system& system, const actor& silent, Wait wait) {
  auto victim = system.spawn([=](event_based_actor* self) -> behavior {
    wait(self->request(silent, infinite, 1));
    return {[](int) {}};
  });
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  anon_send_exit(victim, exit_reason::kill);
  scoped_actor self{system};
  self->monitor(victim);
  bool result = false;
  self->receive([&](const down_msg&) { result = true; },
                after(std::chrono::seconds{2}) >> [] {});
  return result;
}

int main() {
  actor_system_config config;
  actor_system system{config};
  // Promises an answer and does not give it.
  auto silent = system.spawn([](event_based_actor* self) -> behavior {
    auto kept = std::make_shared<std::vector<response_promise>>();
    return {[=](int) -> result<int> {
      kept->push_back(self->make_response_promise());
      return kept->back();
    }};
  });
  auto by_then = ends(system, silent, [](auto&& x) { x.then([](int) {}); });
  auto by_await = ends(system, silent, [](auto&& x) { x.await([](int) {}); });
  std::cout << std::boolalpha << "killed while it waits with then: ends "
            << by_then << "\nkilled while it waits with await: ends "
            << by_await << std::endl;
  // The awaiting actor goes when the one that it waits for does.
  anon_send_exit(silent, exit_reason::user_shutdown);
  return by_then && !by_await ? 0 : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
