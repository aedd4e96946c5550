#include "life.hpp"

#include <algorithm>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/wait.h>

#include "../load/handshake.hpp"
#include "errand.hpp"
#include "http_request.hpp"
#include "idler.hpp"
#include "limits.hpp"

namespace flamigo::soak {

namespace {

constexpr std::size_t residents = 12;

/// In which a process starts, even under a sanitizer.
constexpr auto to_start = 30s;

/// From one time that all seats are taken at once to the next.
constexpr auto wave = 3s;

/// What remains of a life when guests are no longer invited.
constexpr auto to_calm_down = 13s;

constexpr auto last_load = 2s;

double seconds(clock::duration x) {
  return std::chrono::duration<double>{x}.count();
}

std::vector<torment> chosen(const options& what) {
  std::vector<torment> result;
  for (auto& x : torments()) {
    if (what.only.empty() || what.only.contains(std::string{x.name}))
      result.push_back(x);
  }
  return result;
}

} // namespace

life::life(const options& what, unsigned number, findings& broken, tally& done)
  : what_(what), number_(number), broken_(broken), done_(done),
    stage_(broken, done, what.seed * 1000 + number), torments_(chosen(what)),
    heard_(residents, resident::other_publishers + residents) {
}

void life::live() {
  start();
  try {
    settle();
    rehearse();
    play();
    calm_down();
    take_stock();
    finish();
  } catch (const server_gone& gone) {
    broken_.forget_latest();
    broken_.add({}, "nothing that happens to it ends the process",
                describe_end(gone.status));
    print_log();
  } catch (const std::runtime_error& err) {
    broken_.add({}, "the server answers, whatever happens to it", err.what());
  }
  broken_.settle(clock::now() + 1h);
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << "life " << number_ + 1 << ": "
      << stage_.opened << " connections, memory " << memory_before_ / mib
      << " MiB, then " << memory_after_ / mib << ", at most "
      << memory_peak_ / mib << "; ended " << seconds(end_took_)
      << " s after SIGTERM";
  summary_ = out.str();
}

// -- the acts -----------------------------------------------------------------

void life::start() {
  auto arguments = to_arguments();
  arguments.emplace_back("--port=0");
  arguments.emplace_back("--threads=" + std::to_string(what_.threads));
  server_.emplace(what_.server, arguments);
  try {
    wait_for(to_start, [&] { return server_->port().has_value(); });
  } catch (const server_gone&) {
    print_log();
  }
  if (!server_->port())
    throw std::runtime_error{what_.server + " does not start"};
  address_.sin_family = AF_INET;
  address_.sin_port = htons(*server_->port());
  address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  stage_.door.server = address_;
  stage_.door.upgrade = load::upgrade_request("localhost", "/ws");
}

void life::settle() {
  for (std::size_t i = 0; i < residents; ++i) {
    residents_.push_back(std::make_unique<resident>(stage_, heard_, i));
    residents_.back()->rest(true);
    residents_.back()->begin();
  }
  if (!wait_for(limits::patience, [&] {
        return std::ranges::all_of(residents_, &resident::is_settled);
      }))
    throw std::runtime_error{"the first clients could not subscribe"};
  for (auto& x : residents_)
    x->rest(false);
  http_request(address_, "POST", "/publish?yes");
}

void life::rehearse() {
  for (std::size_t i = 0; i < what_.connections; ++i)
    seat(std::make_shared<idler>(stage_,
                                 std::chrono::milliseconds{stage_.pick(500)}));
  wait_for(limits::patience, [&] { return guests_.empty(); });
  pass(200ms);
  memory_before_ = memory_peak_ = server_->memory();
  descriptors_before_ = server_->descriptors();
}

void life::play() {
  open_house_ = true;
  auto whole = std::chrono::duration<double>{what_.seconds / what_.lives};
  auto end = stage_.poll().now()
             + std::chrono::duration_cast<clock::duration>(whole) - to_calm_down
             - last_load;
  do {
    pass(700ms);
    calamity();
  } while (stage_.poll().now() < end);
}

void life::calm_down() {
  open_house_ = false;
  for (auto& x : guests_)
    x->leave();
  // Each has a deadline of its own, but for the stranger ones.
  if (!wait_for(limits::patience * 2, [&] { return guests_.empty(); }))
    stage_.fault("every client comes to an end",
                 std::to_string(guests_.size()) + " are still there");
  for (auto& x : guests_)
    x->leave();
}

void life::finish() {
  open_house_ = true;
  next_wave_ = {};
  pass(last_load / 2);
  ask_slowly();
  pass(last_load / 2);
  stage_.ending = true;
  stage_.ending_since = stage_.poll().now();
  open_house_ = false;
  // A reader may be gone before the program that it reads.
  if (number_ % 2 == 1)
    server_->close_log();
  server_->signal(SIGTERM);
  auto begun = stage_.poll().now();
  try {
    wait_for(limits::drain_timeout + limits::margin, [] { return false; });
    stage_.fault("the process ends in time after SIGTERM", {});
    server_->signal(SIGKILL);
  } catch (const server_gone& gone) {
    end_took_ = stage_.poll().now() - begun;
    // What it said last was not read yet.
    for (auto end = clock::now() + 200ms; clock::now() < end;)
      turn_clients();
    if (!WIFEXITED(gone.status) || WEXITSTATUS(gone.status) != 0) {
      broken_.forget_latest();
      stage_.fault("the process ends with 0 after SIGTERM",
                   describe_end(gone.status));
      print_log();
    } else {
      check_last_words();
    }
  }
}

void life::ask_slowly() {
  for (int i = 0; i < 8; ++i)
    seat(std::make_shared<errand>(stage_, "app::soak:slow", R"({"ms":2000})"));
}

// -- guests -------------------------------------------------------------------

void life::invite() {
  auto now = stage_.poll().now();
  auto missing = what_.connections
                 - std::min(what_.connections, guests_.size());
  auto wanted = std::min<std::size_t>(missing, 2);
  if (now >= next_wave_) {
    next_wave_ = now + wave;
    wanted = missing;
  }
  unsigned sum = 0;
  for (auto& x : torments_)
    sum += x.weight;
  for (; wanted > 0 && sum > 0; --wanted) {
    auto i = stage_.pick(sum);
    auto which = std::ranges::find_if(torments_, [&](const torment& x) {
      if (i < x.weight)
        return true;
      i -= x.weight;
      return false;
    });
    seat(std::shared_ptr{which->make(stage_)});
  }
}

// -- time ---------------------------------------------------------------------

void life::turn() {
  turn_clients();
  if (open_house_)
    invite();
  if (log_is_read_)
    server_->read_log();
  auto now = stage_.poll().now();
  if (now >= next_look_) {
    next_look_ = now + 100ms;
    memory_peak_ = std::max(memory_peak_, server_->memory());
    broken_.settle(now);
  }
  if (auto status = server_->ended())
    throw server_gone{*status};
}

void life::turn_clients() {
  stage_.poll().turn(clock::now() + 10ms);
  stage_.turned();
  // Between turns nothing refers to a connection but its visitor.
  std::erase_if(guests_, [](auto& x) { return x->is_done(); });
  for (auto& x : residents_)
    x->turn();
  for (std::size_t i = 0; i < guests_.size(); ++i)
    guests_[i]->turn();
}

void life::pass(clock::duration time) {
  stage_.poll().update_now();
  auto end = stage_.poll().now() + time;
  while (stage_.poll().now() < end)
    turn();
}

bool life::wait_for(clock::duration limit, const std::function<bool()>& done) {
  auto end = stage_.time() + limit;
  while (!done()) {
    if (stage_.time() >= end)
      return false;
    turn();
  }
  return true;
}

} // namespace flamigo::soak
