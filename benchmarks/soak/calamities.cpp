#include <csignal>
#include <map>
#include <string>
#include <string_view>

#include "errand.hpp"
#include "flooder.hpp"
#include "grumbler.hpp"
#include "life.hpp"
#include "listener.hpp"

namespace flamigo::soak {

namespace {

/// Longer than any limit of the server's, but for a request that is under way.
constexpr auto stopped = 5s;

/// The same, and shorter than the time of a request.
constexpr auto blocked = 3500ms;

constexpr auto unread = 3s;
constexpr auto loud = 4s;
constexpr auto stormy = 3s;

constexpr int several = 8;

std::string in_json(std::chrono::milliseconds x) {
  return R"({"ms":)" + std::to_string(x.count()) + '}';
}

} // namespace

void life::calamity() {
  using what = void (life::*)();
  static const std::map<std::string_view, what> known{
    {"stop", &life::stop_process},    {"block", &life::block_thread},
    {"log", &life::ignore_log},       {"loud", &life::publish_loudly},
    {"storm", &life::storm_of_pings},
  };
  if (calamities_.empty())
    for (auto& x : torments_)
      if (auto i = known.find(x.name); i != known.end())
        calamities_.push_back(i->second);
  if (calamities_.empty())
    return;
  // In turn, on through all lives: a minute sees each of them.
  auto which = calamities_[done_.calamities++ % calamities_.size()];
  (this->*which)();
}

void life::stop_process() {
  auto early = connect_some();
  pass(200ms);
  server_->signal(SIGSTOP);
  stage_.stands_still(true);
  pass(stopped / 2);
  auto late = connect_some();
  speak(early);
  pass(stopped / 2);
  stage_.poll().update_now();
  stage_.stands_still(false);
  server_->signal(SIGCONT);
  pass(300ms);
  speak(late);
  pass(500ms);
}

void life::block_thread() {
  auto early = connect_some();
  pass(200ms);
  auto blocks = seat(
    std::make_shared<errand>(stage_, "app::soak:block", in_json(blocked)));
  stage_.stands_still(true);
  // The clocks of the other threads go on: who is theirs has to be in time.
  pass(1s);
  speak(early);
  pass(blocked - 1500ms);
  auto late = connect_some();
  auto end = stage_.poll().now() + limits::patience;
  while (!blocks->is_done() && stage_.poll().now() < end)
    turn();
  stage_.stands_still(false);
  pass(300ms);
  speak(late);
  pass(500ms);
}

life::latecomers life::connect_some() {
  latecomers result;
  for (int n = 0; n < several; ++n)
    result.push_back(seat(std::make_shared<latecomer>(stage_)));
  return result;
}

void life::speak(const latecomers& who) {
  for (auto& x : who)
    x->speak();
}

void life::ignore_log() {
  log_is_read_ = false;
  std::vector<std::shared_ptr<grumbler>> noisy;
  for (int n = 0; n < several; ++n)
    noisy.push_back(seat(std::make_shared<grumbler>(stage_)));
  pass(unread / 2);
  auto before = answers();
  pass(unread / 2);
  if (answers() == before)
    stage_.fault("the server serves whether or not anybody reads its log",
                 "no answer for a while");
  log_is_read_ = true;
  for (auto& x : noisy)
    x->leave();
}

std::uint64_t life::answers() const {
  std::uint64_t result = 0;
  for (auto& x : residents_)
    result += x->answers();
  return result;
}

void life::publish_loudly() {
  std::vector<std::shared_ptr<listener>> audience;
  for (int n = 0; n < several; ++n)
    audience.push_back(seat(std::make_shared<listener>(stage_, n % 4 == 0)));
  pass(200ms);
  seat(std::make_shared<errand>(stage_, "app::soak:loud", in_json(loud)));
  pass(loud + 1s);
  for (auto& x : audience)
    if (!x->is_done())
      x->leave();
}

void life::storm_of_pings() {
  using enum flooder::kind;
  for (int n = 0; n < several; ++n)
    seat(std::make_shared<flooder>(stage_, n % 2 == 0 ? pings : unread_pings,
                                   stormy));
  pass(stormy + 500ms);
}

} // namespace flamigo::soak
