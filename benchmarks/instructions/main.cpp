// Runs one scenario a fixed number of times, for callgrind to count. See
// scripts/instructions.

#include <cstdio>
#include <map>
#include <string_view>

#include "flamigo/log/log.hpp"
#include "scenarios.hpp"

/// What is counted: callgrind is told this name. Not inlined, so that it is
/// there.
extern "C" [[gnu::noinline]] bool flamigo_counted(scenario& what, int rounds) {
  return what.run(rounds);
}

int main(int argc, char** argv) {
  const std::map<std::string_view, std::unique_ptr<scenario> (*)()> scenarios{
    {"json", make_json},
    {"inline_call", make_inline_call},
    {"hosted_call", make_hosted_call},
    {"fan_out", make_fan_out},
    {"fan_out_history", make_fan_out_history},
    {"remote_event", make_remote_event},
    {"socket_call", make_socket_call},
  };
  auto i = argc == 2 ? scenarios.find(argv[1]) : scenarios.end();
  if (i == scenarios.end()) {
    for (auto& [name, make] : scenarios)
      std::printf("%.*s\n", static_cast<int>(name.size()), name.data());
    return argc == 1 ? 0 : 2;
  }
  // The thread that writes the log would make a process of one thread one of
  // two, in which the C library's calls take a longer way.
  flamigo::log::set_level(flamigo::log::level::off);
  constexpr int rounds = 1000;
  auto what = i->second();
  // Once for what is made when it is first needed.
  if (what->run(10) && flamigo_counted(*what, rounds))
    return 0;
  std::fprintf(stderr, "%s: an operation failed\n", argv[1]);
  return 1;
}
