#include "flamigo/cluster/detail/nats_transport.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include <nats/nats.h>

#include "flamigo/cluster/detail/frame_queue.hpp"
#include "flamigo/cluster/detail/nats_options.hpp"
#include "flamigo/cluster/detail/nats_urls.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// Milliseconds it may take to say good-bye, and to be told of a subscription.
constexpr std::int64_t flush_timeout = 500;

std::string subject(const cluster_options& options, std::string_view to) {
  return "flamigo." + options.name + "." + std::string{to};
}

} // namespace

/// Outlives what the library's threads do with it.
struct nats_transport::impl : std::enable_shared_from_this<impl> {
  impl(io_thread& on, const cluster_options& with)
    : thread(on), options(with), nats(make_nats_options(with)) {
  }

  // -- on the relay's thread --------------------------------------------------

  void connect() {
    auto handlers = nats.get();
    natsOptions_SetDisconnectedCB(handlers, on_change, this);
    natsOptions_SetReconnectedCB(handlers, on_change, this);
    natsOptions_SetClosedCB(handlers, on_closed, this);
    natsOptions_SetErrorHandler(handlers, on_error, this);
    natsOptions_SetRetryOnFailedConnect(handlers, true, on_change, this);
    for (auto* what : {&out, &in}) {
      if (auto status = natsConnection_Connect(what, handlers);
          status != NATS_NOT_YET_CONNECTED)
        check_nats(status,
                   "--nats-url \"" + shown_nats_urls(options.nats_url) + "\"");
      std::lock_guard guard{mtx};
      ++open;
    }
  }

  ~impl() {
    disconnect();
  }

  /// The library gives up by itself when its login is refused twice.
  void connect_again() {
    disconnect();
    try {
      connect();
    } catch (const std::invalid_argument& e) {
      log::error(std::string{"cluster: "} + e.what());
    }
  }

  void stop() {
    receiver = nullptr;
    frames.close();
    natsConnection_FlushTimeout(out, flush_timeout);
    disconnect();
  }

  void disconnect() {
    natsConnection_Close(in);
    natsConnection_Close(out);
    // It is the last that the library calls, on a thread of its own.
    std::unique_lock guard{mtx};
    done.wait(guard, [this] { return open == 0; });
    guard.unlock();
    for (auto* what : {mine, common})
      natsSubscription_Destroy(what);
    natsConnection_Destroy(in);
    natsConnection_Destroy(out);
    mine = common = nullptr;
    in = out = nullptr;
  }

  bool publish(std::string_view to, std::string_view frame) {
    if (note_backlog() > max_nats_waiting)
      return false;
    auto status = natsConnection_Publish(out, subject(options, to).c_str(),
                                         frame.data(),
                                         static_cast<int>(frame.size()));
    if (status == NATS_MAX_PAYLOAD)
      log::error("cluster: an event has " + std::to_string(frame.size())
                 + " bytes on its way to other nodes, more than the NATS "
                   "server takes (max_payload): they miss it");
    if (status != NATS_OK)
      return false;
    sent_frames.fetch_add(1, std::memory_order_relaxed);
    sent_bytes.fetch_add(frame.size(), std::memory_order_relaxed);
    return true;
  }

  int note_backlog() {
    auto result = natsConnection_Buffered(out);
    backlog.store(static_cast<std::uint64_t>(std::max(result, 0)),
                  std::memory_order_relaxed);
    return result;
  }

  /// Now and then.
  void look_after() {
    if (natsConnection_IsClosed(in) || natsConnection_IsClosed(out))
      connect_again();
    look();
  }

  void drain() {
    for (auto& frame : frames.take()) {
      received_frames.fetch_add(1, std::memory_order_relaxed);
      received_bytes.fetch_add(frame.size(), std::memory_order_relaxed);
      if (receiver != nullptr)
        receiver->received(frame);
    }
  }

  /// Not before there is a connection: what subscribes while the first one is
  /// made is not always told to the server.
  void subscribe() {
    natsConnection_Subscribe(&mine, in, subject(options, id).c_str(),
                             on_message, this);
    natsConnection_Subscribe(&common, in, subject(options, "all").c_str(),
                             on_message, this);
    // Else what others answer to the first hello may come before the server
    // knows of them.
    natsConnection_FlushTimeout(in, flush_timeout);
  }

  /// Whether both connections are there, as far as it has not been told yet.
  void look() {
    if (receiver == nullptr)
      return;
    auto now = natsConnection_Status(in) == NATS_CONN_STATUS_CONNECTED
               && natsConnection_Status(out) == NATS_CONN_STATUS_CONNECTED;
    if (is_up == now)
      return;
    is_up = now;
    if (now && mine == nullptr)
      subscribe();
    if (now) {
      complaint = NATS_OK;
      receiver->connected();
    } else {
      receiver->disconnected(
        shown_nats_urls(options.nats_url) + ": " + last_error()
        + (options.nats_required ? "; trying again, not ready meanwhile"
                                 : "; trying again, alone but ready "
                                   "meanwhile"));
    }
  }

  std::string last_error() const {
    for (auto* what : {in, out}) {
      const char* text = nullptr;
      if (what != nullptr && natsConnection_GetLastError(what, &text) != NATS_OK
          && text != nullptr && *text != '\0')
        return text;
    }
    return "no answer";
  }

  // -- on threads of the library ----------------------------------------------

  static void on_message(natsConnection*, natsSubscription*, natsMsg* what,
                         void* self) {
    static_cast<impl*>(self)->came(
      {natsMsg_GetData(what),
       static_cast<std::size_t>(natsMsg_GetDataLength(what))});
    natsMsg_Destroy(what);
  }

  void came(std::string_view frame) {
    if (frames.put(frame))
      thread.call_later([self = shared_from_this()] { self->drain(); });
  }

  static void on_change(natsConnection*, void* closure) {
    auto& self = *static_cast<impl*>(closure);
    self.thread.call_later([me = self.shared_from_this()] { me->look(); });
  }

  static void on_closed(natsConnection*, void* closure) {
    auto& self = *static_cast<impl*>(closure);
    std::lock_guard guard{self.mtx};
    --self.open;
    self.done.notify_all();
  }

  static void on_error(natsConnection*, natsSubscription*, natsStatus why,
                       void* closure) {
    // Such as that more waits than it keeps: the streams show what is lost. It
    // may say so for each message.
    if (static_cast<impl*>(closure)->complaint.exchange(why) != why)
      log::warn(std::string{"cluster: NATS: "} + natsStatus_GetText(why));
  }

  io_thread& thread;
  const cluster_options options;
  nats_options nats;
  std::string id;
  transport_receiver* receiver = nullptr;
  frame_queue frames;
  natsConnection* in = nullptr;
  natsConnection* out = nullptr;
  natsSubscription* mine = nullptr;
  natsSubscription* common = nullptr;
  /// Connections that the library has not done with.
  int open = 0;
  std::mutex mtx;
  std::condition_variable done;
  /// As far as it was told.
  std::optional<bool> is_up;
  std::atomic<natsStatus> complaint = NATS_OK;
  /// Written on the relay's thread.
  std::atomic<std::uint64_t> sent_frames = 0;
  std::atomic<std::uint64_t> sent_bytes = 0;
  std::atomic<std::uint64_t> received_frames = 0;
  std::atomic<std::uint64_t> received_bytes = 0;
  std::atomic<std::uint64_t> backlog = 0;
};

nats_transport::nats_transport(io_thread& thread,
                               const cluster_options& options)
  : impl_(std::make_shared<impl>(thread, options)) {
  impl_->connect();
}

nats_transport::~nats_transport() = default;

void nats_transport::start(const std::string& id, transport_receiver& to) {
  impl_->id = id;
  impl_->receiver = &to;
  impl_->look();
}

void nats_transport::stop() {
  impl_->stop();
}

bool nats_transport::send(std::string_view to, std::string_view frame) {
  return impl_->publish(to, frame);
}

bool nats_transport::send_all(std::string_view frame) {
  // Every heartbeat comes by here.
  impl_->look_after();
  return impl_->publish("all", frame);
}

cluster_traffic nats_transport::traffic() const {
  auto read = [](auto& x) { return x.load(std::memory_order_relaxed); };
  return {read(impl_->sent_frames), read(impl_->sent_bytes),
          read(impl_->received_frames), read(impl_->received_bytes),
          read(impl_->backlog)};
}

} // namespace flamigo::detail
