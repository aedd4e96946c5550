#!/usr/bin/env bash
# CAF: a handler for down, exit, error or unknown messages that throws once is
# gone.
#
# Expected: an actor that has to outlive an exception overrides `consume`, which
#   is virtual, catches there, and is afterwards as it was before.
# Instead: CAF moves such a handler out of the actor while it calls it and puts
#   it back only when it returns. After the first exception there is an empty
#   function in its place: the next down message is answered with
#   `std::bad_function_call`, and so is each one after it. Whoever goes on has to
#   set the handlers again. The behavior is not concerned.
#
# C++ Actor Framework 0.17.6 (Debian's libcaf-dev 0.17.6-2.1+b1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libcaf-dev=0.17.6-2.1+b1 libcaf-core0.17=0.17.6-2.1+b1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

#include <caf/all.hpp>

using namespace caf;

struct tally {
  int handled = 0;
  int own_exceptions = 0;
  int empty_functions = 0;
};

tally downs;
tally numbers;

/// Counts what it is told, throws each time, and goes on.
class enduring : public event_based_actor {
public:
  explicit enduring(actor_config& cfg) : event_based_actor(cfg) {
    set_down_handler([](down_msg&) {
      ++downs.handled;
      throw std::runtime_error{"a down message"};
    });
  }

  behavior make_behavior() override {
    return {
      [](int) {
        ++numbers.handled;
        throw std::runtime_error{"a number"};
      },
      [this](ok_atom) { quit(); },
    };
  }

  invoke_message_result consume(mailbox_element& what) override {
    auto& count = what.content().match_elements<int>() ? numbers : downs;
    try {
      return event_based_actor::consume(what);
    } catch (const std::bad_function_call&) {
      ++count.empty_functions;
    } catch (const std::runtime_error&) {
      ++count.own_exceptions;
    }
    return invoke_message_result::consumed;
  }
};

void show(const char* what, const tally& count) {
  std::cout << what << ": handled " << count.handled << ", own exceptions "
            << count.own_exceptions << ", empty functions "
            << count.empty_functions << std::endl;
}

int main() {
  actor_system_config config;
  actor_system system{config};
  auto subject = system.spawn<enduring>();
  for (int i = 0; i < 3; ++i) {
    anon_send(subject, i);
    anon_send(subject, down_msg{subject.address(), exit_reason::normal});
  }
  anon_send(subject, ok_atom::value);
  scoped_actor self{system};
  self->wait_for(subject);
  show("three numbers", numbers);
  show("three down messages", downs);
  return numbers.handled == 3 && downs.handled == 1
             && downs.empty_functions == 2
           ? 0
           : 1;
}
CPP
lib=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")
g++ -std=c++17 -isystem root/usr/include main.cpp -o main \
  "$(find "$lib" -name 'libcaf_core.so.*' | head -1)" -pthread
LD_LIBRARY_PATH=$lib timeout 60 ./main
