#include "flamigo/cluster/detail/nats_lease_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>

#include "flamigo/cluster/detail/nats_options.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// Milliseconds that a server may take to answer.
constexpr std::int64_t patience = 1'000;

/// When it is tried again to keep the bucket on more servers.
constexpr std::chrono::seconds growth_retry{30};

struct free_message {
  void operator()(natsMsg* x) const noexcept {
    natsMsg_Destroy(x);
  }
};

struct free_info {
  void operator()(jsStreamInfo* x) const noexcept {
    jsStreamInfo_Destroy(x);
  }
};

} // namespace

std::string nats_key(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (auto c : name) {
    auto code = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9') || c == '-' || c == '_')
      result += c;
    else
      (result += '=') += {digits[code / 16], digits[code % 16]};
  }
  return result;
}

nats_lease_store::nats_lease_store(io_thread& to,
                                   const cluster_options& options)
  : thread_(to), options_(options),
    bucket_("flamigo-" + options.name + "-leases"), stream_("KV_" + bucket_),
    runner_([this] { run(); }) {
}

nats_lease_store::~nats_lease_store() {
  stop();
}

void nats_lease_store::read(const std::string& name, found then) {
  add([this, name, then = std::move(then)] {
    thread_.call_later([then, what = read_now(name)] { then(what); });
  });
}

void nats_lease_store::write(const std::string& name, const lease_record& what,
                             written then) {
  add([this, name, what, then = std::move(then)] {
    thread_.call_later(
      [then, revision = write_now(name, what)] { then(revision); });
  });
}

void nats_lease_store::stop() {
  {
    std::lock_guard guard{mtx_};
    stops_ = true;
    todo_.clear();
    changed_.notify_all();
  }
  if (runner_.joinable())
    runner_.join();
}

void nats_lease_store::add(std::function<void()> what) {
  std::lock_guard guard{mtx_};
  if (stops_)
    return;
  todo_.push_back(std::move(what));
  changed_.notify_all();
}

// -- on its own thread --------------------------------------------------------

void nats_lease_store::run() {
  std::unique_lock guard{mtx_};
  for (;;) {
    changed_.wait(guard, [this] { return stops_ || !todo_.empty(); });
    if (stops_)
      break;
    auto what = std::move(todo_.front());
    todo_.pop_front();
    guard.unlock();
    what();
    guard.lock();
  }
  guard.unlock();
  drop();
}

std::optional<lease_record>
nats_lease_store::read_now(const std::string& name) {
  if (!is_ready())
    return std::nullopt;
  natsMsg* came = nullptr;
  auto code = jsErrCode{};
  auto status = js_GetLastMsg(&came, stream_api_, stream_.c_str(),
                              subject(name).c_str(), nullptr, &code);
  if (code == JSNoMessageFoundErr)
    return lease_record{};
  if (status != NATS_OK) {
    complain(status, code);
    return std::nullopt;
  }
  std::unique_ptr<natsMsg, free_message> message{came};
  complaint_.clear();
  lease_record result{natsMsg_GetSequence(came), {}};
  // Somebody may have deleted it by hand, which leaves an empty one.
  if (from_json({natsMsg_GetData(came),
                 static_cast<std::size_t>(natsMsg_GetDataLength(came))},
                result.entry))
    result.entry = {};
  return result;
}

std::optional<std::uint64_t>
nats_lease_store::write_now(const std::string& name, const lease_record& what) {
  if (!is_ready())
    return std::nullopt;
  auto text = to_json(what.entry);
  jsPubOptions with;
  jsPubOptions_Init(&with);
  with.MaxWait = patience;
  with.ExpectLastSubjectSeq = what.revision;
  with.ExpectNoMessage = what.revision == 0;
  jsPubAck* ack = nullptr;
  auto code = jsErrCode{};
  auto status = js_Publish(&ack, stream_api_, subject(name).c_str(),
                           text.data(), static_cast<int>(text.size()), &with,
                           &code);
  if (status != NATS_OK) {
    // Another one has been faster.
    if (code != JSStreamWrongLastSequenceErr)
      complain(status, code);
    return std::nullopt;
  }
  complaint_.clear();
  auto result = ack->Sequence;
  jsPubAck_Destroy(ack);
  return result;
}

bool nats_lease_store::is_ready() {
  if (nats_ == nullptr || natsConnection_IsClosed(nats_)) {
    drop();
    if (!connect())
      return false;
  }
  // What is sent without one waits in the library, and comes late.
  if (natsConnection_Status(nats_) != NATS_CONN_STATUS_CONNECTED) {
    complain(NATS_CONNECTION_DISCONNECTED);
    return false;
  }
  auto may_grow = grows_at_ && std::chrono::steady_clock::now() >= *grows_at_;
  return (has_bucket_ && !may_grow) || find_bucket();
}

bool nats_lease_store::connect() {
  try {
    auto with = make_nats_options(options_);
    if (auto status = natsConnection_Connect(&nats_, with.get());
        status != NATS_OK) {
      complain(status);
      return false;
    }
  } catch (const std::invalid_argument& e) {
    if (std::exchange(complaint_, e.what()) != e.what())
      log::error(std::string{"cluster: no lease can be held: "} + e.what());
    return false;
  }
  jsOptions with;
  jsOptions_Init(&with);
  with.Wait = patience;
  auto status = natsConnection_JetStream(&stream_api_, nats_, &with);
  if (status != NATS_OK)
    complain(status);
  return status == NATS_OK;
}

void nats_lease_store::drop() {
  jsCtx_Destroy(std::exchange(stream_api_, nullptr));
  natsConnection_Destroy(std::exchange(nats_, nullptr));
  has_bucket_ = false;
}

bool nats_lease_store::find_bucket() {
  auto code = jsErrCode{};
  std::unique_ptr<jsStreamInfo, free_info> bucket;
  auto look = [&] {
    jsStreamInfo* what = nullptr;
    auto result = js_GetStreamInfo(&what, stream_api_, stream_.c_str(), nullptr,
                                   &code);
    bucket.reset(what);
    return result;
  };
  auto status = look();
  if (code == JSStreamNotFoundErr) {
    kvConfig with;
    kvConfig_Init(&with);
    with.Bucket = bucket_.c_str();
    with.History = 1;
    kvStore* made = nullptr;
    status = js_CreateKeyValue(&made, stream_api_, &with);
    code = {};
    kvStore_Destroy(made);
    if (status == NATS_OK)
      status = look();
  }
  has_bucket_ = status == NATS_OK;
  if (has_bucket_)
    let_grow(*bucket);
  else
    complain(status, code);
  return has_bucket_;
}

void nats_lease_store::let_grow(const jsStreamInfo& bucket) {
  auto wanted = static_cast<std::int64_t>(options_.nats_replicas);
  grows_at_.reset();
  // A server of its own, which is of no cluster that has a name, takes more
  // copies, and leaves out a stream that has some when it is started anew.
  auto* of = bucket.Cluster;
  auto on_cluster = of != nullptr && of->Name != nullptr && *of->Name != '\0';
  if (!on_cluster || bucket.Config->Replicas >= wanted)
    return;
  auto with = *bucket.Config;
  with.Replicas = wanted;
  auto status = js_UpdateStream(nullptr, stream_api_, &with, nullptr, nullptr);
  if (status == NATS_OK)
    return;
  // Some of the servers may not be there yet.
  grows_at_ = std::chrono::steady_clock::now() + growth_retry;
  auto* detail = nats_GetLastError(nullptr);
  log::warn("cluster: leases are kept on "
            + std::to_string(bucket.Config->Replicas) + " of the NATS servers, "
            + "not on " + std::to_string(wanted) + ", trying again: "
            + (detail != nullptr && *detail != '\0'
                 ? detail
                 : natsStatus_GetText(status)));
}

std::string nats_lease_store::subject(const std::string& name) const {
  return "$KV." + bucket_ + '.' + nats_key(name);
}

void nats_lease_store::complain(natsStatus status, int code) {
  // It may be that of an earlier call.
  auto of = NATS_OK;
  auto* detail = nats_GetLastError(&of);
  std::string why = of == status && detail != nullptr && *detail != '\0'
                      ? detail
                      : natsStatus_GetText(status);
  if (has_bucket_ && (status == NATS_NO_RESPONDERS || status == NATS_NOT_FOUND))
    why = "its bucket is gone";
  else if (status == NATS_NO_RESPONDERS || code == JSNotEnabledErr
           || code == JSNotEnabledForAccountErr)
    why = "the NATS server has no JetStream: start it with -js";
  has_bucket_ = false;
  if (std::exchange(complaint_, why) != why)
    log::warn("cluster: no lease can be held: " + why);
}

} // namespace flamigo::detail
