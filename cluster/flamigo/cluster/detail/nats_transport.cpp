#include "flamigo/cluster/detail/nats_transport.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "flamigo/cluster/detail/nats_pair.hpp"

namespace flamigo::detail {

struct nats_transport::impl : nats_pair {
  using nats_pair::nats_pair;
  using nats_pair::subject;

  ~impl() override {
    disconnect();
  }

  void start(const std::string& as, transport_receiver& to) {
    id = as;
    receiver = &to;
    look();
  }

  void stop() {
    receiver = nullptr;
    flush();
    disconnect();
  }

  bool send(std::string_view to, std::string_view frame) {
    backlog.store(waiting(), std::memory_order_relaxed);
    if (!publish(subject(to), frame))
      return false;
    sent_frames.fetch_add(1, std::memory_order_relaxed);
    sent_bytes.fetch_add(frame.size(), std::memory_order_relaxed);
    return true;
  }

  // -- nats_pair --------------------------------------------------------------

  bool is_wanted() const override {
    return receiver != nullptr;
  }

  void listen() override {
    mine = subscribe(subject(id), on_message, this);
    common = subscribe(subject("all"), on_message, this);
  }

  void up() override {
    receiver->connected();
  }

  void down(std::string why) override {
    receiver->disconnected(std::move(why)
                           + (options.nats_required
                                ? "; trying again, not ready meanwhile"
                                : "; trying again, alone but ready meanwhile"));
  }

  void take(std::string_view frame) override {
    received_frames.fetch_add(1, std::memory_order_relaxed);
    received_bytes.fetch_add(frame.size(), std::memory_order_relaxed);
    receiver->received(frame);
  }

  void forget() override {
    for (auto* what : {mine, common})
      natsSubscription_Destroy(what);
    mine = common = nullptr;
  }

  // -- on threads of the library ----------------------------------------------

  static void on_message(natsConnection*, natsSubscription*, natsMsg* what,
                         void* self) {
    static_cast<impl*>(self)->put(
      {natsMsg_GetData(what),
       static_cast<std::size_t>(natsMsg_GetDataLength(what))});
    natsMsg_Destroy(what);
  }

  std::string id;
  transport_receiver* receiver = nullptr;
  natsSubscription* mine = nullptr;
  natsSubscription* common = nullptr;
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
  impl_->start(id, to);
}

void nats_transport::stop() {
  impl_->stop();
}

bool nats_transport::send(std::string_view to, std::string_view frame) {
  return impl_->send(to, frame);
}

bool nats_transport::send_all(std::string_view frame) {
  // Every heartbeat comes by here.
  impl_->look_after();
  return impl_->send("all", frame);
}

cluster_traffic nats_transport::traffic() const {
  auto read = [](auto& x) { return x.load(std::memory_order_relaxed); };
  return {read(impl_->sent_frames), read(impl_->sent_bytes),
          read(impl_->received_frames), read(impl_->received_bytes),
          read(impl_->backlog)};
}

} // namespace flamigo::detail
