#!/usr/bin/env bash
# CAF: an actor whose exception handler returns no error ends all the same, and
# who has asked it gets an error that is none.
#
# Expected: `set_exception_handler` takes a function from an exception to an
#   `error`; one that returns the empty error says that it has dealt with the
#   exception, and the actor goes on, as after an error handler that does not
#   call `quit`.
# Instead: the actor quits with the empty error. Its monitors see the end of one
#   that has done its work, and a pending request is answered with an error that
#   tests as false: `if (err)` in its error handler takes it for a success.
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
#include <stdexcept>

#include <caf/all.hpp>

using namespace caf;

int main() {
  actor_system_config config;
  actor_system system{config};
  auto divider = system.spawn([](event_based_actor* self) -> behavior {
    self->set_exception_handler([](std::exception_ptr&) -> error {
      std::cout << "the exception handler is called" << std::endl;
      return {};
    });
    return {[](int x) -> int {
      if (x == 0)
        throw std::invalid_argument{"zero"};
      return 100 / x;
    }};
  });
  scoped_actor self{system};
  self->monitor(divider);
  bool error_that_is_none = false;
  bool ended_well = false;
  self->request(divider, std::chrono::seconds{10}, 0)
    .receive([](int x) { std::cout << "answer: " << x << std::endl; },
             [&](error& what) {
               error_that_is_none = !what;
               std::cout << "the error handler of the request gets: "
                         << to_string(what) << std::endl;
             });
  self->receive(
    [&](const down_msg& down) {
      ended_well = !down.reason;
      std::cout << "the actor has ended: " << to_string(down.reason)
                << std::endl;
    },
    after(std::chrono::seconds{2}) >>
      [] { std::cout << "the actor lives" << std::endl; });
  return error_that_is_none && ended_well ? 0 : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
