// What is looked at when all is quiet, and when the server has ended.

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "flamigo/json/json.hpp"

#include "http_request.hpp"
#include "life.hpp"
#include "limits.hpp"

namespace flamigo::soak {

void life::take_stock() {
  http_request(address_, "POST", "/publish?no");
  for (auto& x : residents_)
    x->rest(true);
  check_events();
  check_memory();
  check_connections();
  for (auto& x : residents_)
    x->rest(false);
  http_request(address_, "POST", "/publish?yes");
}

void life::check_events() {
  server_report report;
  wait_for(limits::patience, [&] {
    report = ask_for_report();
    return !report.publishing
           && std::ranges::all_of(residents_, &resident::is_idle);
  });
  // Without all of them, nobody knows how much there was to be heard.
  if (residents_left() < residents_.size())
    return;
  std::vector<std::uint64_t> published{report.thread_published,
                                       report.desk_published};
  for (auto& x : residents_)
    published.push_back(x->published());
  if (!wait_for(limits::patience,
                [&] { return heard_.missing(published) == 0; }))
    stage_.fault("no event is missed",
                 std::to_string(heard_.missing(published)) + " of "
                   + std::to_string(heard_.delivered()) + " have not come");
}

void life::check_memory() {
  auto limit = memory_before_ + what_.kept_memory * mib;
  wait_for(limits::margin, [&] {
    memory_after_ = server_->memory();
    return memory_after_ <= limit
           && server_->descriptors() <= descriptors_before_;
  });
  if (memory_after_ > limit)
    stage_.fault("memory is given back",
                 std::to_string(memory_before_ / mib) + " MiB have become "
                   + std::to_string(memory_after_ / mib));
  // For the connections that come and go, and as many others.
  auto most = memory_before_
              + what_.peak_memory * mib * (what_.connections + 100) / 200;
  if (memory_peak_ > most)
    stage_.fault("what clients can make the server keep has a bound",
                 std::to_string(memory_before_ / mib) + " MiB have become "
                   + std::to_string(memory_peak_ / mib) + " meanwhile");
  auto descriptors = server_->descriptors();
  if (descriptors > descriptors_before_)
    stage_.fault("descriptors are given back",
                 std::to_string(descriptors_before_) + " have become "
                   + std::to_string(descriptors));
}

void life::check_connections() {
  server_report report;
  auto left = residents_left();
  if (!wait_for(limits::margin, [&] {
        report = ask_for_report();
        return report.open == left && report.in_roster == left;
      }))
    stage_.fault("of every connection the end is told",
                 std::to_string(left) + " are open, by the events "
                   + std::to_string(report.open) + ", by the roster "
                   + std::to_string(report.in_roster));
  check_counts(report);
}

std::size_t life::residents_left() const {
  return static_cast<std::size_t>(
    std::ranges::count_if(residents_, [](auto& x) { return !x->is_done(); }));
}

void life::check_last_words() {
  auto report = flamigo::from_json<server_report>(server_->output());
  if (!report) {
    stage_.fault("the process ends as its program says", "no last report");
    return;
  }
  if (report->open > 0)
    stage_.fault("of every connection the end is told, when the server ends "
                 "as well",
                 std::to_string(report->open) + " of "
                   + std::to_string(report->connected) + " were not");
  check_counts(*report);
}

void life::check_counts(const server_report& x) {
  if (x.twice > 0)
    stage_.fault("of a connection beginning and end are told once",
                 std::to_string(x.twice) + " were told again");
  if (x.out_of_order > 0)
    stage_.fault("a listener of a domain actor hears each publisher's events "
                 "once and in order",
                 std::to_string(x.out_of_order) + " of "
                   + std::to_string(x.heard) + " were not the next");
  if (x.connected < stage_.opened
      || x.connected > stage_.opened + stage_.unheard)
    stage_.fault("of every connection the beginning is told",
                 std::to_string(x.connected) + " were told, "
                   + std::to_string(stage_.opened) + " to "
                   + std::to_string(stage_.opened + stage_.unheard)
                   + " there were");
}

// -- the server ---------------------------------------------------------------

server_report life::ask_for_report() {
  auto text = http_request(address_, "GET", "/report");
  auto result = flamigo::from_json<server_report>(text);
  if (!result)
    throw std::runtime_error{"the server's report is no report: " + text};
  return *result;
}

void life::print_log() const {
  // What connections come and go is not of interest.
  for (auto& line : server_->lines())
    if (line.find(" info ") == line.npos)
      std::cerr << "  | " << line << '\n';
}

} // namespace flamigo::soak
