#include "flamigo/cluster/detail/nats_transport.hpp"

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include <nats/nats.h>

#include "flamigo/cluster/detail/frame_queue.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

constexpr int max_waiting = 8 * 1'024 * 1'024;

/// Milliseconds: how soon it notices that a server is dead, and tries again.
constexpr std::int64_t ping_interval = 5'000;
constexpr std::int64_t reconnect_wait = 250;

/// How long it may take to say good-bye.
constexpr std::int64_t flush_timeout = 500;

void check(natsStatus status, const std::string& what) {
  if (status != NATS_OK)
    throw std::invalid_argument{what + ": " + natsStatus_GetText(status)};
}

struct free_options {
  void operator()(natsOptions* x) const noexcept {
    natsOptions_Destroy(x);
  }
};

using options_ptr = std::unique_ptr<natsOptions, free_options>;

std::vector<std::string> split(const std::string& urls) {
  std::vector<std::string> result(1);
  for (auto c : urls) {
    if (c == ',')
      result.emplace_back();
    else if (c != ' ')
      result.back() += c;
  }
  return result;
}

options_ptr make_options(const cluster_options& from) {
  natsOptions* made = nullptr;
  check(natsOptions_Create(&made), "--nats-url");
  options_ptr result{made};
  auto urls = split(from.nats_url);
  std::vector<const char*> servers;
  for (auto& url : urls)
    servers.push_back(url.c_str());
  check(natsOptions_SetServers(made, servers.data(),
                               static_cast<int>(servers.size())),
        "--nats-url \"" + from.nats_url + "\"");
  if (!from.nats_credentials.empty())
    check(natsOptions_SetUserCredentialsFromFiles(
            made, from.nats_credentials.c_str(), nullptr),
          "--nats-credentials \"" + from.nats_credentials + "\"");
  if (!from.nats_ca.empty()) {
    check(natsOptions_SetSecure(made, true), "--nats-ca");
    check(natsOptions_LoadCATrustedCertificates(made, from.nats_ca.c_str()),
          "--nats-ca \"" + from.nats_ca + "\"");
  }
  natsOptions_SetName(made, from.name.c_str());
  // The library's own limits: 60 tries, and a ping every two minutes.
  natsOptions_SetMaxReconnect(made, -1);
  natsOptions_SetReconnectWait(made, reconnect_wait);
  natsOptions_SetPingInterval(made, ping_interval);
  natsOptions_SetReconnectBufSize(made, max_waiting);
  return result;
}

std::string subject(const cluster_options& options, std::string_view to) {
  return "flamigo." + options.name + "." + std::string{to};
}

} // namespace

/// Outlives what the library's threads do with it.
struct nats_transport::impl : std::enable_shared_from_this<impl> {
  impl(io_thread& on, const cluster_options& with)
    : thread(on), options(with), nats(make_options(with)) {
  }

  // -- on the relay's thread --------------------------------------------------

  void start(const std::string& id) {
    auto handlers = nats.get();
    natsOptions_SetDisconnectedCB(handlers, on_change, this);
    natsOptions_SetReconnectedCB(handlers, on_change, this);
    natsOptions_SetClosedCB(handlers, on_change, this);
    natsOptions_SetErrorHandler(handlers, on_error, this);
    natsOptions_SetRetryOnFailedConnect(handlers, true, on_change, this);
    natsConnection_Connect(&out, handlers);
    natsConnection_Connect(&in, handlers);
    natsConnection_Subscribe(&mine, in, subject(options, id).c_str(),
                             on_message, this);
    natsConnection_Subscribe(&common, in, subject(options, "all").c_str(),
                             on_message, this);
    look();
  }

  void stop() {
    receiver = nullptr;
    frames.close();
    natsConnection_FlushTimeout(out, flush_timeout);
    // The library calls nobody once they are destroyed, but threads of it may
    // be in a handler until then.
    natsConnection_Close(in);
    natsConnection_Close(out);
    for (auto* what : {mine, common})
      natsSubscription_Destroy(what);
    natsConnection_Destroy(in);
    natsConnection_Destroy(out);
    mine = common = nullptr;
    in = out = nullptr;
  }

  bool publish(std::string_view to, std::string_view frame) {
    if (out == nullptr || natsConnection_Buffered(out) > max_waiting)
      return false;
    return natsConnection_Publish(out, subject(options, to).c_str(),
                                  frame.data(), static_cast<int>(frame.size()))
           == NATS_OK;
  }

  void drain() {
    for (auto& frame : frames.take())
      if (receiver != nullptr)
        receiver->received(frame);
  }

  /// Whether both connections are there, as far as it has not been told yet.
  void look() {
    auto now = in != nullptr && out != nullptr
               && natsConnection_Status(in) == NATS_CONN_STATUS_CONNECTED
               && natsConnection_Status(out) == NATS_CONN_STATUS_CONNECTED;
    if (receiver == nullptr || std::exchange(is_up, now) == now)
      return;
    if (now)
      receiver->connected();
    else
      receiver->disconnected("the server at " + options.nats_url
                             + " does not answer; trying again");
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

  static void on_error(natsConnection*, natsSubscription*, natsStatus why,
                       void*) {
    // Such as that more waits than it keeps: the streams show what is lost.
    log::warn(std::string{"cluster: NATS: "} + natsStatus_GetText(why));
  }

  io_thread& thread;
  const cluster_options options;
  options_ptr nats;
  transport_receiver* receiver = nullptr;
  frame_queue frames;
  natsConnection* in = nullptr;
  natsConnection* out = nullptr;
  natsSubscription* mine = nullptr;
  natsSubscription* common = nullptr;
  bool is_up = false;
};

nats_transport::nats_transport(io_thread& thread,
                               const cluster_options& options)
  : impl_(std::make_shared<impl>(thread, options)) {
}

nats_transport::~nats_transport() = default;

void nats_transport::start(const std::string& id, transport_receiver& to) {
  impl_->receiver = &to;
  impl_->start(id);
}

void nats_transport::stop() {
  impl_->stop();
}

bool nats_transport::send(std::string_view to, std::string_view frame) {
  return impl_->publish(to, frame);
}

bool nats_transport::send_all(std::string_view frame) {
  return impl_->publish("all", frame);
}

} // namespace flamigo::detail
