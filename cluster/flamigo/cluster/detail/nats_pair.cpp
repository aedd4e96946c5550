#include "flamigo/cluster/detail/nats_pair.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "flamigo/cluster/detail/nats_urls.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// Milliseconds it may take to say good-bye, and to be told of a subscription.
constexpr std::int64_t flush_timeout = 500;

} // namespace

nats_pair::nats_pair(io_thread& on, const cluster_options& with)
  : thread(on), options(with), nats_(make_nats_options(with)) {
}

nats_pair::~nats_pair() = default;

// -- on the relay's thread ----------------------------------------------------

void nats_pair::connect() {
  frames_.open();
  auto handlers = nats_.get();
  // A turn's messages are written by the thread that publishes them: the
  // library's own waits for more, and is woken for it.
  natsOptions_SetSendAsap(handlers, true);
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
    begin();
  }
}

/// The library gives up by itself when its login is refused twice.
void nats_pair::connect_again() {
  disconnect();
  try {
    connect();
  } catch (const std::invalid_argument& e) {
    log::error(std::string{"cluster: "} + e.what());
  }
}

void nats_pair::finish() {
  natsConnection_FlushTimeout(out, flush_timeout);
}

void nats_pair::disconnect() {
  // Those whom it has to wait for may wait there.
  frames_.close();
  natsConnection_Close(in);
  natsConnection_Close(out);
  subscriptions_.clear();
  listens_ = false;
  std::unique_lock guard{mtx_};
  done_.wait(guard, [this] { return open_ == 0; });
  guard.unlock();
  natsConnection_Destroy(in);
  natsConnection_Destroy(out);
  in = out = nullptr;
}

natsSubscription* nats_pair::subscribe(const std::string& subject,
                                       natsMsgHandler on_message,
                                       void* closure) {
  natsSubscription* result = nullptr;
  if (natsConnection_Subscribe(&result, in, subject.c_str(), on_message,
                               closure)
      != NATS_OK)
    return nullptr;
  subscriptions_.emplace_back(result);
  // It may be in the middle of a message when it is dropped.
  begin();
  if (natsSubscription_SetOnCompleteCB(result, on_complete, this) != NATS_OK)
    end();
  return result;
}

void nats_pair::unsubscribe(natsSubscription* what) {
  if (what == nullptr)
    return;
  natsSubscription_Unsubscribe(what);
  // The library's thread that reads does not hold the subscription whose
  // message it has (before 3.6.1). It has gone on when it has read an answer
  // behind that; without one, the subscription is kept.
  if (natsConnection_FlushTimeout(in, flush_timeout) == NATS_OK)
    std::erase_if(subscriptions_,
                  [](auto& x) { return !natsSubscription_IsValid(x.get()); });
}

bool nats_pair::publish(const std::string& subject, std::string_view text) {
  if (natsConnection_Buffered(out) > max_nats_waiting)
    return false;
  auto status = natsConnection_Publish(out, subject.c_str(), text.data(),
                                       static_cast<int>(text.size()));
  if (status == NATS_MAX_PAYLOAD)
    log::error("cluster: an event, a call or an answer has "
               + std::to_string(text.size())
               + " bytes on its way to other nodes, more than the NATS "
                 "server takes (max_payload): it does not get there");
  return status == NATS_OK;
}

std::uint64_t nats_pair::waiting() const {
  return static_cast<std::uint64_t>(std::max(natsConnection_Buffered(out), 0));
}

std::string nats_pair::subject(std::string_view to) const {
  return "flamigo." + options.name + "." + std::string{to};
}

void nats_pair::look_after() {
  if (natsConnection_IsClosed(in) || natsConnection_IsClosed(out))
    connect_again();
  look();
}

void nats_pair::look() {
  if (!is_wanted())
    return;
  auto now = natsConnection_Status(in) == NATS_CONN_STATUS_CONNECTED
             && natsConnection_Status(out) == NATS_CONN_STATUS_CONNECTED;
  if (is_up_ == now)
    return;
  is_up_ = now;
  // Not before there is a connection: what subscribes while the first one is
  // made is not always told to the server.
  if (now && !std::exchange(listens_, true)) {
    listen();
    // Else what others answer to the first hello may come before the server
    // knows of them.
    natsConnection_FlushTimeout(in, flush_timeout);
  }
  if (now) {
    complaint_ = NATS_OK;
    up();
  } else {
    down(shown_nats_urls(options.nats_url) + ": " + last_error());
  }
}

std::string nats_pair::last_error() const {
  for (auto* what : {in, out}) {
    const char* text = nullptr;
    auto status = what != nullptr ? natsConnection_GetLastError(what, &text)
                                  : NATS_OK;
    // Of several servers it says only that none will do.
    if (status != NATS_OK && status != NATS_NO_SERVER && text != nullptr
        && *text != '\0')
      return text;
  }
  auto by_tls = !options.nats_ca.empty()
                || options.nats_url.find("tls://") != std::string::npos;
  return by_tls ? "no answer by TLS; a server's certificate may not be one of "
                  "--nats-ca, or not be for that host, or the server has no TLS"
                : "no answer";
}

void nats_pair::drain() {
  for (auto& frame : frames_.take())
    if (is_wanted())
      take(frame);
}

// -- on threads of the library ------------------------------------------------

void nats_pair::put(std::string_view frame) {
  if (!frames_.put(frame))
    return;
  if (auto self = weak_from_this().lock())
    thread.call_later([self] { self->drain(); });
}

void nats_pair::on_change(natsConnection*, void* closure) {
  auto& of = *static_cast<nats_pair*>(closure);
  // None if it is being destroyed.
  if (auto self = of.weak_from_this().lock())
    of.thread.call_later([self] { self->look(); });
}

void nats_pair::on_closed(natsConnection*, void* closure) {
  static_cast<nats_pair*>(closure)->end();
}

void nats_pair::on_complete(void* closure) {
  static_cast<nats_pair*>(closure)->end();
}

void nats_pair::on_error(natsConnection*, natsSubscription*, natsStatus why,
                         void* closure) {
  // Such as that more waits than it keeps: the streams show what is lost. It
  // may say so for each message.
  if (static_cast<nats_pair*>(closure)->complaint_.exchange(why) != why)
    log::warn(std::string{"cluster: NATS: "} + natsStatus_GetText(why));
}

void nats_pair::begin() {
  std::lock_guard guard{mtx_};
  ++open_;
}

void nats_pair::end() {
  std::lock_guard guard{mtx_};
  --open_;
  done_.notify_all();
}

} // namespace flamigo::detail
