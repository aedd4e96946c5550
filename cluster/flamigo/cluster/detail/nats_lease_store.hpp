#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <nats/nats.h>

#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/detail/lease_store.hpp"

namespace flamigo::detail {

class io_thread;

/// A name as keys of NATS may be: all but letters, digits, `-` and `_` as `=`
/// and two hex digits.
std::string nats_key(std::string_view name);

/// Leases as keys of a bucket of NATS, `flamigo-<cluster>-leases`, which it
/// makes where there is none. Nothing in it expires: who wants a lease waits by
/// a clock of its own.
///
/// It asks on a connection and a thread of its own, one question after the
/// other, for the library waits for the answers; of each lease one question
/// waits at most.
class nats_lease_store final : public lease_store {
public:
  /// Answers come in turns of this thread.
  nats_lease_store(io_thread& to, const cluster_options& options);

  ~nats_lease_store() override;

  void read(const std::string& name, found then) override;

  void write(const std::string& name, const lease_record& what,
             written then) override;

  /// Nothing is answered any more. Waits for the question that is being asked,
  /// a few seconds at most.
  void stop();

private:
  void run();

  void add(std::function<void()> what);

  // -- on its own thread ------------------------------------------------------

  std::optional<lease_record> read_now(const std::string& name);

  std::optional<std::uint64_t> write_now(const std::string& name,
                                         const lease_record& what);

  /// Whether there is a connection, and the bucket.
  bool is_ready();

  bool connect();

  void drop();

  bool find_bucket();

  /// Has it kept on as many servers as this node wants, if it is on fewer.
  void let_grow(const jsStreamInfo& bucket);

  std::string subject(const std::string& name) const;

  /// Logs why nobody can hold anything, once.
  void complain(natsStatus status, int code = 0);

  io_thread& thread_;
  const cluster_options options_;
  const std::string bucket_;
  const std::string stream_;
  natsConnection* nats_ = nullptr;
  jsCtx* stream_api_ = nullptr;
  bool has_bucket_ = false;
  /// None if it is on as many servers as this node wants.
  std::optional<std::chrono::steady_clock::time_point> grows_at_;
  std::string complaint_;
  std::mutex mtx_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> todo_;
  bool stops_ = false;
  std::thread runner_;
};

} // namespace flamigo::detail
