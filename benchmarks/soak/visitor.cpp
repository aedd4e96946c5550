#include "visitor.hpp"

namespace flamigo::soak {

namespace {

/// Each has 28,000 ports or so, which rest for a minute after their use.
constexpr std::uint64_t own_addresses = 64;

} // namespace

visitor::visitor(stage& on, load::endpoint door)
  : stage_(on), door_(std::move(door)),
    line_(on.poll(), door_, *this, on.pick(own_addresses)) {
  door_.connections_an_address = 1;
}

void visitor::begin() {
  ++stage_.done().visits[std::string{name()}];
  line_.open();
}

void visitor::turn() {
  if (done_)
    return;
  act();
  if (done_ || !deadline_ || stage_.time() < *deadline_)
    return;
  fault(promise_, {});
  vanish();
}

void visitor::opened(load::connection&) {
  greeted_ = true;
  ++stage_.opened;
  greeted();
}

void visitor::closed(load::connection&, std::string_view failure) {
  done_ = true;
  if (!greeted_)
    ++stage_.unheard;
  ended(failure);
}

void visitor::expect(clock::duration limit, std::string_view promise) {
  deadline_ = stage_.time() + limit;
  promise_ = promise;
}

void visitor::vanish() {
  if (!greeted_)
    ++stage_.unheard;
  line_.reset();
  done_ = true;
}

void visitor::fault(std::string_view promise, std::string_view detail) {
  std::string text{name()};
  if (!detail.empty()) {
    text += ": ";
    text += detail;
  }
  stage_.fault(promise, std::move(text));
}

} // namespace flamigo::soak
