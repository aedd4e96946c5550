// Torments a server and counts whether each of its promises is kept.

#include <chrono>
#include <exception>
#include <iostream>

#include "../load/machine.hpp"
#include "findings.hpp"
#include "life.hpp"
#include "options.hpp"

namespace {

using namespace flamigo::soak;

/// Of the program, and of what comes on top of the usual connections.
constexpr std::size_t other_descriptors = 256;

void print(const tally& done) {
  std::cout << done.questions << " requests, " << done.answers << " answered, "
            << done.unanswered << " met the end; " << done.events << " events, "
            << done.calamities << " calamities\nconnections:";
  for (auto& [name, count] : done.visits)
    std::cout << ' ' << name << ' ' << count << (name.empty() ? "" : ",");
  std::cout << "\nlongest turn of this program: "
            << std::chrono::duration_cast<std::chrono::milliseconds>(
                 done.latest)
                 .count()
            << " ms; clients that may have been closed for it: " << done.excused
            << '\n';
}

bool run(const options& what) {
  flamigo::load::allow_descriptors(what.connections + other_descriptors);
  findings broken;
  tally done;
  for (unsigned i = 0; i < what.lives; ++i) {
    life one{what, i, broken, done};
    one.live();
    std::cout << one.summary() << std::endl;
  }
  print(done);
  broken.print(std::cout);
  if (broken.empty())
    std::cout << "every promise was kept\n";
  return broken.empty();
}

} // namespace

int main(int argc, char** argv) {
  try {
    int status = 0;
    auto what = read_options(argc, argv, status);
    if (!what)
      return status;
    return run(*what) ? 0 : 1;
  } catch (const std::exception& err) {
    std::cerr << "flamigo-soak: " << err.what() << '\n';
    return 1;
  }
}
