#include "scenario.hpp"

#include <algorithm>
#include <stdexcept>

#include <arpa/inet.h>

#include "handshake.hpp"
#include "machine.hpp"

namespace flamigo::load {

namespace {

// Fewer than any server's backlog of connections that it has yet to accept.
constexpr std::size_t opened_at_once = 64;

constexpr std::size_t connections_an_address = 20'000;

// Files that are open besides the sockets.
constexpr std::size_t other_descriptors = 32;

constexpr double opening_seconds = 60;

} // namespace

scenario::scenario(const options& what) : what_(what), server_(what.pids) {
  auto count = what.connections + what.publishers + what.observers;
  endpoint to;
  to.server.sin_family = AF_INET;
  to.server.sin_port = htons(static_cast<std::uint16_t>(what.port));
  if (inet_pton(AF_INET, what.host.c_str(), &to.server.sin_addr) != 1)
    throw std::runtime_error{"--host is no IPv4 address"};
  if (count > connections_an_address && what.host.starts_with("127."))
    to.connections_an_address = connections_an_address;
  if (what.tls)
    to.tls = tls_half::make_context(what.tls_ca, what.tls_resume);
  to_.assign(std::max<std::size_t>(what.tokens.size(), 1), to);
  for (std::size_t i = 0; i < to_.size(); ++i)
    to_[i].upgrade = upgrade_request(
      what.host + ':' + std::to_string(what.port), what.path,
      what.tokens.empty() ? std::string_view{} : what.tokens[i]);
  allow_descriptors(count + other_descriptors);
  connections_.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    connections_.push_back(
      std::make_unique<connection>(poll_, to_[i % to_.size()], *this, i));
}

report scenario::run() {
  perform();
  report result;
  result.mode = what_.mode;
  result.connections = what_.connections;
  result.depth = what_.depth;
  result.publishers = what_.publishers;
  result.lockstep = what_.lockstep;
  measured_.write(result);
  complete(result);
  result.errors = errors_;
  if (errors_ > 0)
    result.first_error = first_error_;
  return result;
}

// -- what connections tell ----------------------------------------------------

void scenario::opened(connection&) {
  ++open_;
  open_next();
}

void scenario::closed(connection& who, std::string_view failure) {
  failed_ = true;
  add_error("connection " + std::to_string(who.index()) + ": "
            + std::string{failure.empty() ? "closed" : failure});
}

// -- the parts of a run -------------------------------------------------------

void scenario::open_all() {
  auto count = connections_.size();
  while (begun_ < std::min(opened_at_once, count))
    open_next();
  if (wait_for(opening_seconds, [&] { return open_ == count; }) || failed_)
    return;
  failed_ = true;
  add_error("only " + std::to_string(open_) + " of " + std::to_string(count)
            + " connections were opened in time");
}

void scenario::open_next() {
  if (begun_ < connections_.size() && !failed_)
    connections_[begun_++]->open();
}

void scenario::measure() {
  pass(what_.warmup);
  if (failed_)
    return;
  measured_.start();
  pass(what_.seconds);
  finishing_ = true;
  if (!failed_)
    measured_.stop();
}

void scenario::add_error(std::string text) {
  if (errors_++ == 0)
    first_error_ = std::move(text);
}

clock::time_point scenario::after(double seconds) {
  poll_.update_now();
  return poll_.now()
         + std::chrono::duration_cast<clock::duration>(
           std::chrono::duration<double>{seconds});
}

} // namespace flamigo::load
