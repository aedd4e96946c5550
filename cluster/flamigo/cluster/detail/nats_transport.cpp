#include "flamigo/cluster/detail/nats_transport.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "flamigo/cluster/detail/frame_batch.hpp"
#include "flamigo/cluster/detail/linger_rule.hpp"
#include "flamigo/cluster/detail/nats_pair.hpp"
#include "flamigo/io/detail/flushable.hpp"
#include "flamigo/io/detail/io_thread.hpp"

namespace flamigo::detail {

namespace {

/// Of a message of several frames.
constexpr std::size_t max_message = 65'536;

} // namespace

struct nats_transport::impl final : nats_pair, flushable {
  impl(io_thread& on, const cluster_options& with)
    : nats_pair(on, with), linger(with.linger) {
  }

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
    finish();
    disconnect();
  }

  bool send(std::string_view to, std::string_view frame) {
    if (note_backlog() + batch.bytes() > std::uint64_t{max_nats_waiting})
      return false;
    auto limit = message_limit();
    if (frame.size() > limit) {
      flush();
      return send_alone(to, frame);
    }
    // Of a turn, what goes to one node is one message: each costs a write here,
    // and wakes three threads there.
    if (batch.empty())
      thread.flush_later(std::shared_ptr<flushable>{shared_from_this(), this});
    batch.add(to, frame, limit,
              [this](auto node, auto& text) { write(node, text); });
    sent_frames.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  bool send_all(std::string_view frame) {
    flush();
    return note_backlog() <= std::uint64_t{max_nats_waiting}
           && send_alone("all", frame);
  }

  bool send_alone(std::string_view to, std::string_view frame) {
    if (!write(to, frame))
      return false;
    sent_frames.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  bool write(std::string_view to, std::string_view message) {
    if (!publish(subject(to), message))
      return false;
    sent_bytes.fetch_add(message.size(), std::memory_order_relaxed);
    return true;
  }

  std::size_t message_limit() const {
    auto server = natsConnection_GetMaxPayload(out);
    return server > 0 ? std::min(max_message, static_cast<std::size_t>(server))
                      : max_message;
  }

  std::uint64_t note_backlog() {
    auto result = waiting();
    backlog.store(result, std::memory_order_relaxed);
    return result;
  }

  // -- flushable --------------------------------------------------------------

  void flush() override {
    if (batch.empty())
      return;
    auto frames = batch.most();
    batch.take([this](auto& node, auto& text) { write(node, text); });
    auto pause = linger.sent(frames, thread.now());
    if (pause > pause.zero())
      thread.rest(pause);
  }

  // -- nats_pair --------------------------------------------------------------

  bool is_wanted() const override {
    return receiver != nullptr;
  }

  void listen() override {
    subscribe(subject(id), on_message, this);
    subscribe(subject("all"), on_message, this);
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

  void take(std::string_view message) override {
    received_bytes.fetch_add(message.size(), std::memory_order_relaxed);
    frame_batch::split(message, [this](std::string_view frame) {
      received_frames.fetch_add(1, std::memory_order_relaxed);
      if (receiver != nullptr)
        receiver->received(frame);
    });
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
  /// What leaves at the end of the turn.
  frame_batch batch;
  linger_rule linger;
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
  return impl_->send_all(frame);
}

cluster_traffic nats_transport::traffic() const {
  auto read = [](auto& x) { return x.load(std::memory_order_relaxed); };
  return {read(impl_->sent_frames), read(impl_->sent_bytes),
          read(impl_->received_frames), read(impl_->received_bytes),
          read(impl_->backlog)};
}

} // namespace flamigo::detail
