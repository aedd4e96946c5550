#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nats/nats.h>

#include "flamigo/cluster/cluster_options.hpp"
#include "flamigo/cluster/detail/frame_queue.hpp"
#include "flamigo/cluster/detail/nats_options.hpp"

namespace flamigo::detail {

class io_thread;

/// Two connections to the NATS servers, since one that carries both directions
/// has been seen to stall under load and then to lose messages. They connect by
/// themselves, at first and again, for ever.
///
/// It outlives what the library's threads do with it. Members are for the
/// relay's thread.
class nats_pair : public std::enable_shared_from_this<nats_pair> {
public:
  /// Throws std::invalid_argument for options that the library refuses.
  nats_pair(io_thread& on, const cluster_options& with);

  nats_pair(const nats_pair&) = delete;

  /// Whoever derives calls `disconnect` before.
  virtual ~nats_pair();

  void connect();

  /// Waits until the library's threads have done with what they do for this,
  /// and drops what has come and is not taken.
  void disconnect();

  /// What was published goes out, as far as that is possible at once.
  void finish();

  /// Now and then.
  void look_after();

protected:
  /// Whether the others are called.
  virtual bool is_wanted() const = 0;

  /// Subscribes. What was subscribed to before is gone.
  virtual void listen() = 0;

  virtual void up() = 0;

  virtual void down(std::string why) = 0;

  /// What was put.
  virtual void take(std::string_view frame) = 0;

  /// Whether both connections are there, as far as it has not been told yet.
  void look();

  /// By the connection that reads, until that is closed. Null if it is.
  natsSubscription* subscribe(const std::string& subject,
                              natsMsgHandler on_message, void* closure);

  /// Nothing comes by it any more, or by null.
  void unsubscribe(natsSubscription* what);

  /// False as well when 8 MiB wait for the server.
  bool publish(const std::string& subject, std::string_view text);

  /// Bytes for the server.
  std::uint64_t waiting() const;

  /// As the nodes of this cluster have it.
  std::string subject(std::string_view to) const;

  bool is_up() const noexcept {
    return is_up_.value_or(false);
  }

  // -- on threads of the library ----------------------------------------------

  /// To be taken on the relay's thread. Waits where too much does.
  void put(std::string_view frame);

  io_thread& thread;
  const cluster_options options;
  natsConnection* in = nullptr;
  natsConnection* out = nullptr;

private:
  void connect_again();

  void drain();

  std::string last_error() const;

  // -- on threads of the library ----------------------------------------------

  static void on_change(natsConnection*, void* closure);

  static void on_closed(natsConnection*, void* closure);

  static void on_complete(void* closure);

  static void on_error(natsConnection*, natsSubscription*, natsStatus why,
                       void* closure);

  void begin();

  void end();

  struct destroy {
    void operator()(natsSubscription* x) const noexcept {
      natsSubscription_Destroy(x);
    }
  };

  nats_options nats_;
  frame_queue frames_;
  std::vector<std::unique_ptr<natsSubscription, destroy>> subscriptions_;
  bool listens_ = false;
  /// Connections and subscriptions that the library has not done with.
  int open_ = 0;
  std::mutex mtx_;
  std::condition_variable done_;
  /// As far as it was told.
  std::optional<bool> is_up_;
  std::atomic<natsStatus> complaint_ = NATS_OK;
};

} // namespace flamigo::detail
